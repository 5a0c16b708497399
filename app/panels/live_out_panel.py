"""Switches and addresses of live out. Sends nothing."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QLineEdit

from app.language import later, tr
from app.panels.card import Card, ElidedLabel
from engine.pipeline.status import PipelineStatus

ADDRESSES = {later("OSC to"): "9000", later("WebSocket on"): "8765"}
TIP = later("A port of this computer, or HOST:PORT for others in the network")


class LiveOutPanel(Card):
    wanted = pyqtSignal(object, object)  # OSC, WebSocket: "[HOST:]PORT", or None for off

    def __init__(self) -> None:
        super().__init__(tr("Live out"))
        self.switches, self.addresses = [], []
        for title, address in ADDRESSES.items():
            switch, line = QCheckBox(tr(title)), QLineEdit(address)
            line.setToolTip(tr(TIP))
            line.setFixedWidth(110)
            line.setAccessibleName(tr("{}: address").format(tr(title)))
            switch.toggled.connect(self._choose)
            self.add_row(switch, line)
            self.switches.append(switch)
            self.addresses.append(line)
        self._state = ElidedLabel()
        self.rows.addWidget(self._state)
        self._state.hide()

    def show_status(self, status: PipelineStatus) -> None:
        clients = tr(" · {} connected").format(status.live_clients) if status.live_clients else ""
        self._state.set_text(status.live_out + clients)
        self._state.setVisible(bool(status.live_out))

    def show_addresses(self, osc: str | None, websocket: str | None) -> None:
        """What is sent now, without asking for it; None is off."""
        for switch, line, address in zip(
            self.switches, self.addresses, (osc, websocket), strict=True
        ):
            with QSignalBlocker(switch):
                switch.setChecked(address is not None)
            line.setEnabled(address is None)
            line.setText(address or line.text())

    @property
    def chosen(self) -> tuple[str | None, str | None]:
        """OSC, WebSocket, as ``wanted`` tells them."""
        osc, websocket = (
            line.text().strip() if switch.isChecked() else None
            for switch, line in zip(self.switches, self.addresses, strict=True)
        )
        return osc, websocket

    def _choose(self) -> None:
        osc, websocket = self.chosen
        self.show_addresses(osc, websocket)
        self.wanted.emit(osc, websocket)
