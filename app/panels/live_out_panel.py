"""Whether results go to other programs, and where. Sends nothing."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QLineEdit

from app.panels.card import Card, ElidedLabel
from engine.pipeline.status import PipelineStatus

ADDRESSES = {"OSC to": "9000", "WebSocket on": "8765"}
TIP = "A port of this computer, or HOST:PORT for others in the network"


class LiveOutPanel(Card):
    wanted = pyqtSignal(object, object)  # OSC, WebSocket: "[HOST:]PORT", or None for off

    def __init__(self) -> None:
        super().__init__("Live out")
        self.switches, self.addresses = [], []
        for title, address in ADDRESSES.items():
            switch, line = QCheckBox(title), QLineEdit(address)
            line.setToolTip(TIP)
            line.setFixedWidth(130)
            line.setAccessibleName(f"{title} address")
            switch.toggled.connect(self._choose)
            self.add_row(switch, line)
            self.switches.append(switch)
            self.addresses.append(line)
        self._state = ElidedLabel()
        self.rows.addWidget(self._state)
        self._state.hide()

    def show_status(self, status: PipelineStatus) -> None:
        clients = f" · {status.live_clients} connected" if status.live_clients else ""
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

    def _choose(self) -> None:
        osc, websocket = (
            line.text().strip() if switch.isChecked() else None
            for switch, line in zip(self.switches, self.addresses, strict=True)
        )
        self.show_addresses(osc, websocket)
        self.wanted.emit(osc, websocket)
