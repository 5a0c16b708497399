<?xml version='1.0' encoding='utf-8'?>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
<name>Sandglass</name>
<message>
<source>First let the backbone load and the running take end.</source>
<translation>먼저 백본이 로드되고 진행 중인 테이크가 끝나야 합니다.</translation>
</message>
<message>
<source>The take keeps what was analysed so far.</source>
<translation>지금까지 분석한 것은 테이크에 남습니다.</translation>
</message>
<message>
<source>Allow it in System Settings, Privacy &amp; Security, Camera, then start again.</source>
<translation>시스템 설정, 개인정보 보호 및 보안, 카메라에서 허용한 뒤 다시 시작하세요.</translation>
</message>
<message>
<source>Allow it in Settings, Privacy &amp; security, Camera.</source>
<translation>설정, 개인 정보 및 보안, 카메라에서 허용하세요.</translation>
</message>
<message>
<source>Join the group 'video': sudo usermod -aG video $USER, then log in again.</source>
<translation>'video' 그룹에 들어가세요: sudo usermod -aG video $USER, 그 뒤 다시 로그인하세요.</translation>
</message>
<message>
<source>Step into the picture.</source>
<translation>화면 안으로 들어오세요.</translation>
</message>
<message>
<source>Come closer: you fill less than a fifth of the picture's height.</source>
<translation>가까이 오세요: 화면 높이의 5분의 1도 채우지 않습니다.</translation>
</message>
<message>
<source>Turn on a light in front of you.</source>
<translation>앞쪽에 불을 켜세요.</translation>
</message>
<message>
<source>Step back, or lower the camera.</source>
<translation>뒤로 물러서거나 카메라를 낮추세요.</translation>
</message>
<message>
<source>Camera and permission</source>
<translation>카메라와 권한</translation>
</message>
<message>
<source>Light</source>
<translation>조명</translation>
</message>
<message>
<source>Distance and framing</source>
<translation>거리와 구도</translation>
</message>
<message>
<source>Opening…</source>
<translation>여는 중…</translation>
</message>
<message>
<source>Waiting for the first picture…</source>
<translation>첫 화면을 기다리는 중…</translation>
</message>
<message>
<source>You are tracked, whole and sure.</source>
<translation>온몸이 확실하게 추적됩니다.</translation>
</message>
<message>
<source>Stand still for a moment, facing the camera.</source>
<translation>카메라를 보고 잠시 가만히 서 계세요.</translation>
</message>
<message>
<source>Bright enough: {:.0f} of 255.</source>
<translation>충분히 밝음: 255 중 {:.0f}.</translation>
</message>
<message>
<source>This is the demo clip, not a camera.</source>
<translation>데모 영상이며 카메라가 아닙니다.</translation>
</message>
<message>
<source>{} gives pictures.</source>
<translation>{}에서 화면이 나옵니다.</translation>
</message>
<message>
<source>No camera gives pictures.</source>
<translation>화면을 주는 카메라가 없습니다.</translation>
</message>
<message>
<source>End a countdown, full screen, message, guide or choice of a person</source>
<translation>카운트다운, 전체 화면, 메시지, 안내, 사람 선택을 차례로 끝내기</translation>
</message>
<message>
<source>Start or stop recording</source>
<translation>녹화 시작 또는 정지</translation>
</message>
<message>
<source>Pause the live picture</source>
<translation>화면 정지</translation>
</message>
<message>
<source>Level the camera, after somebody stood straight for 2 s</source>
<translation>2초 동안 똑바로 선 사람으로 카메라 수평 맞추기</translation>
</message>
<message>
<source>Make the next person the subject</source>
<translation>다음 사람을 대상으로</translation>
</message>
<message>
<source>Camera guide: permission, light, distance, framing</source>
<translation>카메라 안내: 권한, 조명, 거리, 구도</translation>
</message>
<message>
<source>Reset the 3D view</source>
<translation>3D 보기 초기화</translation>
</message>
<message>
<source>Play or pause</source>
<translation>재생 또는 일시정지</translation>
</message>
<message>
<source>One frame back</source>
<translation>한 프레임 뒤로</translation>
</message>
<message>
<source>One frame forward</source>
<translation>한 프레임 앞으로</translation>
</message>
<message>
<source>One second back</source>
<translation>1초 뒤로</translation>
</message>
<message>
<source>One second forward</source>
<translation>1초 앞으로</translation>
</message>
<message>
<source>To the previous mark</source>
<translation>이전 표시로</translation>
</message>
<message>
<source>To the next mark</source>
<translation>다음 표시로</translation>
</message>
<message>
<source>Zoom into the timeline</source>
<translation>시간축 확대</translation>
</message>
<message>
<source>Zoom out of the timeline</source>
<translation>시간축 축소</translation>
</message>
<message>
<source>To the first frame</source>
<translation>첫 프레임으로</translation>
</message>
<message>
<source>To the last frame</source>
<translation>마지막 프레임으로</translation>
</message>
<message>
<source>Slower</source>
<translation>느리게</translation>
</message>
<message>
<source>Faster</source>
<translation>빠르게</translation>
</message>
<message>
<source>Loop</source>
<translation>처음부터 반복</translation>
</message>
<message>
<source>Export the session</source>
<translation>세션 내보내기</translation>
</message>
<message>
<source>Back to the live picture</source>
<translation>실시간 화면으로</translation>
</message>
<message>
<source>Mirror the view</source>
<translation>좌우 반전</translation>
</message>
<message>
<source>Joint uncertainty</source>
<translation>관절마다의 확실함</translation>
</message>
<message>
<source>Joint angles</source>
<translation>관절 각도</translation>
</message>
<message>
<source>The 3D view from above</source>
<translation>위에서 본 3D 보기</translation>
</message>
<message>
<source>Turn the 3D view</source>
<translation>3D 보기 회전</translation>
</message>
<message>
<source>Tilt the 3D view</source>
<translation>3D 보기 기울이기</translation>
</message>
<message>
<source>Zoom the 3D view</source>
<translation>3D 보기 확대·축소</translation>
</message>
<message>
<source>Next arrangement of the views</source>
<translation>다음 보기 배치</translation>
</message>
<message>
<source>Video over the full screen</source>
<translation>영상 전체 화면</translation>
</message>
<message>
<source>Show or hide the panels</source>
<translation>패널 보이기·숨기기</translation>
</message>
<message>
<source>Switch between dark and light</source>
<translation>어둡게 또는 밝게</translation>
</message>
<message>
<source>Save a picture of the window</source>
<translation>창 그림 저장</translation>
</message>
<message>
<source>Open a video file</source>
<translation>영상 파일 열기</translation>
</message>
<message>
<source>List of recorded takes</source>
<translation>지금까지 녹화한 테이크</translation>
</message>
<message>
<source>Open a recorded session</source>
<translation>녹화된 세션 열기</translation>
</message>
<message>
<source>Keyboard shortcuts</source>
<translation>단축키</translation>
</message>
<message>
<source>Undo the last change of a setting</source>
<translation>마지막 설정 변경 취소</translation>
</message>
<message>
<source>Reset all settings to their defaults</source>
<translation>모든 설정을 기본값으로</translation>
</message>
<message>
<source>Quit</source>
<translation>끝내기</translation>
</message>
<message>
<source>Backbone at that place in the list</source>
<translation>목록에서 그 순서의 백본</translation>
</message>
<message>
<source>Click</source>
<translation>클릭</translation>
</message>
<message>
<source>Make that person the subject</source>
<translation>화면 속 그 사람이 대상</translation>
</message>
<message>
<source>Drag</source>
<translation>끌기</translation>
</message>
<message>
<source>Turn the 3D view; move the horizon of the picture</source>
<translation>3D 보기 돌리기, 화면의 수평선 옮기기</translation>
</message>
<message>
<source>Wheel</source>
<translation>휠</translation>
</message>
<message>
<source>Zoom the 3D view; over the panels, scroll</source>
<translation>3D 보기 확대·축소; 패널에서는 스크롤</translation>
</message>
<message>
<source>Ctrl+drag</source>
<translation>Ctrl+끌기</translation>
</message>
<message>
<source>Move the 3D view</source>
<translation>3D 보기 이동</translation>
</message>
<message>
<source>Drop</source>
<translation>놓기</translation>
</message>
<message>
<source>Replay a session; open a video or folder</source>
<translation>세션은 재생되고, 영상이나 폴더는 소스가 됨</translation>
</message>
<message>
<source>Click, drag</source>
<translation>클릭, 끌기</translation>
</message>
<message>
<source>Go to that moment of the timeline</source>
<translation>시간축에서: 그곳으로 이동</translation>
</message>
<message>
<source>Live</source>
<translation>실시간</translation>
</message>
<message>
<source>Everywhere</source>
<translation>어디서나</translation>
</message>
<message>
<source>Replay</source>
<translation>재생</translation>
</message>
<message>
<source>Mouse</source>
<translation>마우스</translation>
</message>
<message>
<source>Open a session (the folder of a take)</source>
<translation>세션 열기 (테이크 폴더)</translation>
</message>
<message>
<source>A take is being recorded: stop it (R), then change this.</source>
<translation>녹화 중입니다. 먼저 정지(R)한 뒤 바꾸세요.</translation>
</message>
<message>
<source>A take is being recorded: stop it (R), then open a session.</source>
<translation>녹화 중입니다. 먼저 정지(R)한 뒤 세션을 여세요.</translation>
</message>
<message>
<source>The TensorRT engine was not built: cancelled.</source>
<translation>TensorRT 엔진을 만들지 않음: 취소됨.</translation>
</message>
<message>
<source>Build the TensorRT engine</source>
<translation>TensorRT 엔진 만들기</translation>
</message>
<message>
<source>looking for it</source>
<translation>찾는 중</translation>
</message>
<message>
<source>This GPU can run {} through TensorRT.</source>
<translation>이 GPU는 {}을(를) TensorRT로 실행할 수 있습니다.</translation>
</message>
<message>
<source>TensorRT engine: {}</source>
<translation>TensorRT 엔진: {}</translation>
</message>
<message>
<source>Only head and shoulders: legs are guesses</source>
<translation>머리와 어깨만 보임: 다리는 추정</translation>
</message>
<message>
<source>{} Reconnecting…</source>
<translation>{} 다시 연결하는 중…</translation>
</message>
<message>
<source>{} gives no new pictures.</source>
<translation>{}에서 새 화면이 오지 않습니다.</translation>
</message>
<message>
<source>Camera {} stopped giving pictures.</source>
<translation>카메라 {}에서 화면이 끊겼습니다.</translation>
</message>
<message>
<source>The stream {} broke off ({}).</source>
<translation>스트림 {}이(가) 끊겼습니다 ({}).</translation>
</message>
<message>
<source>The source opened but gives no pictures.</source>
<translation>소스가 열렸지만 화면이 오지 않습니다.</translation>
</message>
<message>
<source>Camera {} ({}) does not open: is another program using it?</source>
<translation>카메라 {} ({})이(가) 열리지 않습니다. 다른 프로그램이 쓰고 있나요?</translation>
</message>
<message>
<source>No {}. Cameras found: {}.</source>
<translation>{}이(가) 없습니다. 찾은 카메라: {}.</translation>
</message>
<message>
<source>camera {}</source>
<translation>카메라 {}</translation>
</message>
<message>
<source>file, folder or camera '{}'</source>
<translation>파일, 폴더 또는 카메라 '{}'</translation>
</message>
<message>
<source>none</source>
<translation>없음</translation>
</message>
<message>
<source>{} does not open as a video ({}).</source>
<translation>{}은(는) 영상으로 열리지 않습니다 ({}).</translation>
</message>
<message>
<source>{} has no picture in it.</source>
<translation>{}에 화면이 없습니다.</translation>
</message>
<message>
<source>{} holds no pictures ({}).</source>
<translation>{}에 사진이 없습니다 ({}).</translation>
</message>
<message>
<source>{} holds no readable picture: is it a whole video file?</source>
<translation>{}에 읽을 수 있는 화면이 없습니다. 온전한 영상 파일인가요?</translation>
</message>
<message>
<source>{} holds no readable picture: save them again as PNG or JPEG.</source>
<translation>{}에 읽을 수 있는 사진이 없습니다. PNG나 JPEG로 다시 저장하세요.</translation>
</message>
<message>
<source>Unreadable, left out: {} in {}.</source>
<translation>읽을 수 없어 건너뜀: {} ({}).</translation>
</message>
<message>
<source>The backbone failed on a frame: {}</source>
<translation>백본이 프레임을 처리하지 못했습니다: {}</translation>
</message>
<message>
<source>Nothing to record yet: no backbone is running.</source>
<translation>아직 녹화할 것이 없습니다. 실행 중인 백본이 없습니다.</translation>
</message>
<message>
<source>Runtime '{}' is not installed: {}.</source>
<translation>런타임 '{}'이(가) 설치되지 않았습니다: {}.</translation>
</message>
<message>
<source>{} cannot run '{}': {}</source>
<translation>{}에서 '{}'을(를) 실행할 수 없습니다: {}</translation>
</message>
<message>
<source>{} Until then {} runs.</source>
<translation>{} 그때까지 {}이(가) 실행됩니다.</translation>
</message>
<message>
<source>Not levelled: nobody has stood straight, seen from head to feet, for the last two seconds.</source>
<translation>수평을 맞추지 못했습니다. 지난 2초 동안 머리부터 발까지 보이게 똑바로 선 사람이 없습니다.</translation>
</message>
<message>
<source>{}: how fast backbones are here is not known.</source>
<translation>{}: 이 컴퓨터에서 백본이 얼마나 빠른지 알 수 없습니다.</translation>
</message>
<message>
<source>{}: the fastest, no backbone keeps {} ({} a picture).</source>
<translation>{}: 가장 빠른 백본입니다. {}를 유지하는 백본은 없습니다 (한 장에 {}).</translation>
</message>
<message>
<source>{}: the most accurate that keeps {} ({} a picture).</source>
<translation>{}: {}를 유지하는 가장 정확한 백본입니다 (한 장에 {}).</translation>
</message>
<message>
<source>{} results a second here</source>
<translation>이 컴퓨터에서 초당 결과 {}개</translation>
</message>
<message>
<source>Recording stopped: {} ({}).</source>
<translation>녹화가 멈췄습니다: {} ({}).</translation>
</message>
<message>
<source>the disk is almost full, {}</source>
<translation>디스크가 거의 찼습니다, {}</translation>
</message>
<message>
<source>Cannot record into {}: {}; choose another folder.</source>
<translation>{}에 녹화할 수 없습니다: {}. 다른 폴더를 고르세요.</translation>
</message>
<message>
<source>only {}, a take needs more than {}</source>
<translation>{}, 테이크에는 {}보다 더 필요함</translation>
</message>
<message>
<source>{} already holds a session ({}); choose another folder.</source>
<translation>{}에 이미 세션이 있습니다 ({}). 다른 폴더를 고르세요.</translation>
</message>
<message>
<source>{}, room for &lt; 1 min</source>
<translation>{}, 1분 미만 녹화 가능</translation>
</message>
<message>
<source>{}, room for {} min</source>
<translation>{}, {}분 녹화 가능</translation>
</message>
<message>
<source>{} GB free</source>
<translation>{} GB 남음</translation>
</message>
<message>
<source>Nothing to judge: fewer than two frames.</source>
<translation>판단할 것이 없습니다. 프레임이 둘보다 적습니다.</translation>
</message>
<message>
<source>Good: {}.</source>
<translation>좋음: {}.</translation>
</message>
<message>
<source>Rate off target: {}.</source>
<translation>속도가 어긋남: {}.</translation>
</message>
<message>
<source>Rate unknown: {}.</source>
<translation>속도를 알 수 없음: {}.</translation>
</message>
<message>
<source>Frames missing: {}.</source>
<translation>끊긴 곳이 있음: {}.</translation>
</message>
<message>
<source>A person whole and sure in only {} % of the frames: {}.</source>
<translation>사람이 온전하고 확실한 프레임이 {} %뿐: {}.</translation>
</message>
<message>
<source>{}, longest gap {} s, {} people left out, those seen least</source>
<translation>{}, 가장 긴 공백 {}초, 가장 적게 보인 {}명 제외</translation>
</message>
<message>
<source>{}, longest gap {} s</source>
<translation>{}, 가장 긴 공백 {}초</translation>
</message>
<message>
<source>{} swaps mended, gaps filled in {} frames, feet kept in place in {}; {} Hz, gaps up to {} s</source>
<translation>뒤바뀜 {}번 고침, {}프레임의 빈 곳 채움, {}프레임에서 발을 제자리에 둠; {} Hz, 최대 {}초의 빈 곳</translation>
</message>
<message>
<source>{} of {} frames had a picture, a person in {}</source>
<translation>{}/{}프레임에 화면이 있고, {}프레임에 사람이 있음</translation>
</message>
<message>
<source>{} frames a second of {}</source>
<translation>초당 {}프레임 ({} 중)</translation>
</message>
<message>
<source>{} frames a second</source>
<translation>초당 {}프레임</translation>
</message>
<message>
<source>{} holds no session: no {} there.</source>
<translation>{}에 세션이 없습니다: {} 없음.</translation>
</message>
<message>
<source>{} holds no frame: there is nothing to show.</source>
<translation>{}에 프레임이 없어 보여줄 것이 없습니다.</translation>
</message>
<message>
<source>{} cannot be read: {}.</source>
<translation>{}을(를) 읽을 수 없습니다: {}.</translation>
</message>
<message>
<source>{} cannot be written: {}.</source>
<translation>{}을(를) 쓸 수 없습니다: {}.</translation>
</message>
<message>
<source>OSC cannot be sent to {}: {}.</source>
<translation>{}(으)로 OSC를 보낼 수 없습니다: {}.</translation>
</message>
<message>
<source>No WebSocket on {}: {}; choose another.</source>
<translation>{}에 WebSocket을 열 수 없습니다: {}. 다른 것을 고르세요.</translation>
</message>
<message>
<source>'{}' is not an address: give HOST:PORT or PORT, such as 9000.</source>
<translation>'{}'은(는) 주소가 아닙니다. HOST:PORT 또는 PORT(예: 9000)로 적으세요.</translation>
</message>
<message>
<source>Nobody in view</source>
<translation>아무도 보이지 않음</translation>
</message>
<message>
<source>Too far</source>
<translation>너무 멂</translation>
</message>
<message>
<source>Too dark</source>
<translation>너무 어두움</translation>
</message>
<message>
<source>Two people: click one</source>
<translation>두 사람: 한 명을 클릭</translation>
</message>
<message>
<source>Three people: click one</source>
<translation>세 사람: 한 명을 클릭</translation>
</message>
<message>
<source>Four people: click one</source>
<translation>네 사람: 한 명을 클릭</translation>
</message>
<message>
<source>Five people: click one</source>
<translation>다섯 사람: 한 명을 클릭</translation>
</message>
<message>
<source>Six people: click one</source>
<translation>여섯 사람: 한 명을 클릭</translation>
</message>
<message>
<source>Many people: click one</source>
<translation>여러 사람: 한 명을 클릭</translation>
</message>
<message>
<source>confirming</source>
<translation>확인 중</translation>
</message>
<message>
<source>tracking</source>
<translation>추적 중</translation>
</message>
<message>
<source>unsure</source>
<translation>불확실</translation>
</message>
<message>
<source>left</source>
<translation>왼쪽</translation>
</message>
<message>
<source>right</source>
<translation>오른쪽</translation>
</message>
<message>
<source>gaps</source>
<translation>빈 곳</translation>
</message>
<message>
<source>swaps</source>
<translation>뒤바뀜</translation>
</message>
<message>
<source>low scores</source>
<translation>낮은 점수</translation>
</message>
<message>
<source>filled</source>
<translation>채움</translation>
</message>
<message>
<source>Knee flexion</source>
<translation>무릎 굽힘</translation>
</message>
<message>
<source>Hip flexion</source>
<translation>엉덩관절 굽힘</translation>
</message>
<message>
<source>Elbow flexion</source>
<translation>팔꿈치 굽힘</translation>
</message>
<message>
<source>Shoulder elevation</source>
<translation>어깨 올림</translation>
</message>
<message>
<source>Trunk lean</source>
<translation>몸통 기울기</translation>
</message>
<message>
<source>Format</source>
<translation>형식</translation>
</message>
<message>
<source>File to write</source>
<translation>쓸 파일</translation>
</message>
<message>
<source>Outcome</source>
<translation>결과</translation>
</message>
<message>
<source>Choose the file to write</source>
<translation>쓸 파일 고르기</translation>
</message>
<message>
<source>Progress</source>
<translation>진행 정도</translation>
</message>
<message>
<source>Export to</source>
<translation>내보낼 곳</translation>
</message>
<message>
<source>Export</source>
<translation>내보내기</translation>
</message>
<message>
<source>Choose…</source>
<translation>고르기…</translation>
</message>
<message>
<source>Show in folder</source>
<translation>폴더에서 보기</translation>
</message>
<message>
<source>Close</source>
<translation>닫기</translation>
</message>
<message>
<source>Cancel</source>
<translation>취소</translation>
</message>
<message>
<source>{} exists. Replace it?</source>
<translation>{}이(가) 있습니다. 바꿀까요?</translation>
</message>
<message>
<source>Replace?</source>
<translation>바꿀까요?</translation>
</message>
<message>
<source>Written and read back:</source>
<translation>쓰고 다시 읽어 확인함:</translation>
</message>
<message>
<source>Saved {}.</source>
<translation>{} 저장됨.</translation>
</message>
<message>
<source>{} could not be written.</source>
<translation>{}에 쓸 수 없습니다.</translation>
</message>
<message>
<source>{} cannot be shown.</source>
<translation>{}을(를) 열 수 없습니다.</translation>
</message>
<message>
<source>Automatic runtime</source>
<translation>런타임 자동</translation>
</message>
<message>
<source>Measuring how fast this machine is…</source>
<translation>이 컴퓨터의 속도를 재는 중…</translation>
</message>
<message>
<source>Backbone</source>
<translation>백본</translation>
</message>
<message>
<source>Runtime</source>
<translation>런타임</translation>
</message>
<message>
<source>Progress of the engine</source>
<translation>엔진 진행 정도</translation>
</message>
<message>
<source>Automatic</source>
<translation>자동</translation>
</message>
<message>
<source>{:.2f} M parameters, {:.2f} GMACs</source>
<translation>매개변수 {:.2f} M, {:.2f} GMACs</translation>
</message>
<message>
<source>No backbone runs</source>
<translation>실행 중인 백본 없음</translation>
</message>
<message>
<source>Loading {}…</source>
<translation>{} 불러오는 중…</translation>
</message>
<message>
<source>TensorRT engine: {}, {:.0%}</source>
<translation>TensorRT 엔진: {}, {:.0%}</translation>
</message>
<message>
<source>Show log</source>
<translation>로그 보기</translation>
</message>
<message>
<source>Put away</source>
<translation>닫기</translation>
</message>
<message>
<source>Not now</source>
<translation>나중에</translation>
</message>
<message>
<source>Next step</source>
<translation>다음 단계</translation>
</message>
<message>
<source>Skip the guide</source>
<translation>안내 건너뛰기</translation>
</message>
<message>
<source>Done</source>
<translation>완료</translation>
</message>
<message>
<source>Lifter</source>
<translation>3D 변환</translation>
</message>
<message>
<source>{:.2f} M parameters</source>
<translation>매개변수 {:.2f} M</translation>
</message>
<message>
<source>A port of this computer, or HOST:PORT for others in the network</source>
<translation>이 컴퓨터의 포트, 또는 네트워크의 HOST:PORT</translation>
</message>
<message>
<source>OSC to</source>
<translation>OSC 보내기</translation>
</message>
<message>
<source>WebSocket on</source>
<translation>WebSocket 열기</translation>
</message>
<message>
<source>Live out</source>
<translation>실시간 출력</translation>
</message>
<message>
<source> · {} connected</source>
<translation> · {}개 연결됨</translation>
</message>
<message>
<source>{}: address</source>
<translation>{}: 주소</translation>
</message>
<message>
<source>Capture</source>
<translation>캡처</translation>
</message>
<message>
<source>Inference</source>
<translation>추론</translation>
</message>
<message>
<source>Frame age p50 / p95</source>
<translation>프레임 지연 p50 / p95</translation>
</message>
<message>
<source>Dropped</source>
<translation>버림</translation>
</message>
<message>
<source>Left/right swaps</source>
<translation>좌우 뒤바뀜</translation>
</message>
<message>
<source>How often left and right were swapped and corrected</source>
<translation>왼쪽과 오른쪽이 뒤바뀌어 바로잡은 횟수</translation>
</message>
<message>
<source>Show the view as a mirror does; recordings are not mirrored</source>
<translation>거울처럼 보임; 녹화는 그대로</translation>
</message>
<message>
<source>One standard deviation around each joint in 3D, where the lifter estimates it</source>
<translation>3D에서 각 관절 둘레의 표준편차 하나, 3D 변환이 알려 줄 때</translation>
</message>
<message>
<source>Skeleton</source>
<translation>스켈레톤</translation>
</message>
<message>
<source>How many people are followed</source>
<translation>따라갈 사람 수</translation>
</message>
<message>
<source>Others are seen, and can be clicked, but not followed</source>
<translation>다른 사람은 보이고 클릭할 수 있지만 따라가지 않음</translation>
</message>
<message>
<source>Smoothing</source>
<translation>평활화</translation>
</message>
<message>
<source>Less jitter to the right, less lag to the left</source>
<translation>오른쪽은 떨림 감소, 왼쪽은 지연 감소</translation>
</message>
<message>
<source>Score threshold</source>
<translation>점수 문턱값</translation>
</message>
<message>
<source>A joint that scores less counts as unseen</source>
<translation>점수가 낮은 관절은 보이지 않는 것으로 침</translation>
</message>
<message>
<source>Follow one person</source>
<translation>한 사람 따라가기</translation>
</message>
<message>
<source>Follow {} people</source>
<translation>{}명 따라가기</translation>
</message>
<message>
<source>Window</source>
<translation>창</translation>
</message>
<message>
<source>Arrangement of the views</source>
<translation>보기 배치</translation>
</message>
<message>
<source>Language</source>
<translation>언어</translation>
</message>
<message>
<source>System language</source>
<translation>시스템 언어</translation>
</message>
<message>
<source>Reset to defaults</source>
<translation>기본값으로</translation>
</message>
<message>
<source>Undo</source>
<translation>실행 취소</translation>
</message>
<message>
<source>●  Record</source>
<translation>●  녹화</translation>
</message>
<message>
<source>Poses only</source>
<translation>자세만</translation>
</message>
<message>
<source>With video</source>
<translation>영상 포함</translation>
</message>
<message>
<source>Where takes are written</source>
<translation>테이크를 저장할 곳</translation>
</message>
<message>
<source>Record</source>
<translation>녹화</translation>
</message>
<message>
<source>What is recorded</source>
<translation>녹화할 내용</translation>
</message>
<message>
<source>Countdown</source>
<translation>카운트다운</translation>
</message>
<message>
<source>Notes</source>
<translation>메모</translation>
</message>
<message>
<source>Notes, kept with the take</source>
<translation>테이크와 함께 저장되는 메모</translation>
</message>
<message>
<source>Choose where takes are written</source>
<translation>저장할 곳 고르기</translation>
</message>
<message>
<source>Show the folder in the file manager</source>
<translation>파일 관리자에서 폴더 보기</translation>
</message>
<message>
<source>Change…</source>
<translation>변경…</translation>
</message>
<message>
<source>Show</source>
<translation>보기</translation>
</message>
<message>
<source>At once</source>
<translation>바로</translation>
</message>
<message>
<source>■  Stop   {}   {} frames</source>
<translation>■  정지   {}   {}프레임</translation>
</message>
<message>
<source>■  Stop   {}</source>
<translation>■  정지   {}</translation>
</message>
<message>
<source>{:.0f} GB free</source>
<translation>{:.0f} GB 남음</translation>
</message>
<message>
<source>Take {}</source>
<translation>테이크 {}</translation>
</message>
<message>
<source>Disk nearly full: </source>
<translation>디스크가 거의 참: </translation>
</message>
<message>
<source>In {} s</source>
<translation>{}초 뒤</translation>
</message>
<message>
<source>■  Cancel   in {} s</source>
<translation>■  취소   {}초 뒤</translation>
</message>
<message>
<source>{} guess</source>
<translation>{} 추측</translation>
</message>
<message>
<source>{} found</source>
<translation>{} 찾음</translation>
</message>
<message>
<source>{} by the file</source>
<translation>{} 파일에서</translation>
</message>
<message>
<source>{} by the name</source>
<translation>{} 이름에서</translation>
</message>
<message>
<source>Body height</source>
<translation>키</translation>
</message>
<message>
<source>Of the person, also 182 cm or 6'1": sizes and distances follow from it</source>
<translation>사람의 키, 182 cm 또는 6'1"도 가능: 크기와 거리가 여기서 나옴</translation>
</message>
<message>
<source>Field of view</source>
<translation>화각</translation>
</message>
<message>
<source>Horizontal, of the camera</source>
<translation>카메라의 가로 화각</translation>
</message>
<message>
<source>Camera pitch</source>
<translation>카메라 내려다보는 각</translation>
</message>
<message>
<source>Positive: the camera looks down</source>
<translation>0보다 크면 내려다봄</translation>
</message>
<message>
<source>Camera roll</source>
<translation>카메라 기울기</translation>
</message>
<message>
<source>Positive: the camera is turned clockwise</source>
<translation>카메라가 보기에 시계 방향</translation>
</message>
<message>
<source>not known</source>
<translation>모름</translation>
</message>
<message>
<source>Room</source>
<translation>공간</translation>
</message>
<message>
<source>Level</source>
<translation>수평 맞추기</translation>
</message>
<message>
<source>{} must be from {:g} to {:g} {}, not '{}'.</source>
<translation>{}: {:g}~{:g} {}이어야 합니다 ('{}' 아님).</translation>
</message>
<message>
<source>Empty: estimated or guessed</source>
<translation>비우면 찾거나 추측함</translation>
</message>
<message>
<source>Run the recorded video through this backbone; both results are kept</source>
<translation>녹화된 영상을 이 백본으로 다시 실행; 두 결과 모두 남음</translation>
</message>
<message>
<source>Only takes with video can be run again</source>
<translation>영상이 있는 테이크만 다시 실행할 수 있음</translation>
</message>
<message>
<source>Session</source>
<translation>세션</translation>
</message>
<message>
<source>Result shown</source>
<translation>표시할 결과</translation>
</message>
<message>
<source>Clean</source>
<translation>다듬기</translation>
</message>
<message>
<source>Swaps mended, gaps filled, smoothed without lag, bones of one length; beside the raw take, which stays</source>
<translation>뒤바뀜을 고치고, 빈 곳을 채우고, 지연 없이 평활화하고, 뼈 길이를 맞춤; 원본 테이크는 그대로 남음</translation>
</message>
<message>
<source>Cutoff of the smoothing</source>
<translation>평활화 차단 주파수</translation>
</message>
<message>
<source>Longest gap that is filled</source>
<translation>채울 가장 긴 빈 곳</translation>
</message>
<message>
<source>Backbone to run again with</source>
<translation>다시 실행할 백본</translation>
</message>
<message>
<source>Run again</source>
<translation>다시 실행</translation>
</message>
<message>
<source>Export…</source>
<translation>내보내기…</translation>
</message>
<message>
<source>Back to live</source>
<translation>실시간으로</translation>
</message>
<message>
<source>Videos and pictures (*.mp4 *.mkv *.mov *.avi *.webm *.m4v *.mpg *.mpeg *.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff);;All files (*)</source>
<translation>영상과 사진 (*.mp4 *.mkv *.mov *.avi *.webm *.m4v *.mpg *.mpeg *.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff);;모든 파일 (*)</translation>
</message>
<message>
<source>Records a take of all frames of this file, as fast as it goes; live, those that come too late are dropped</source>
<translation>이 파일의 모든 프레임을 가능한 한 빨리 테이크로 기록함. 실시간에서는 늦은 프레임을 건너뜀</translation>
</message>
<message>
<source>Size and rate…</source>
<translation>크기와 속도…</translation>
</message>
<message>
<source>Size and rate: choose</source>
<translation>크기와 속도: 선택</translation>
</message>
<message>
<source>No source</source>
<translation>소스 없음</translation>
</message>
<message>
<source>Lost, reconnecting…</source>
<translation>끊김, 다시 연결 중…</translation>
</message>
<message>
<source>Ended</source>
<translation>끝남</translation>
</message>
<message>
<source>Address of the stream (rtsp://… or http://…):</source>
<translation>스트림 주소 (rtsp://… 또는 http://…):</translation>
</message>
<message>
<source>Demo clip</source>
<translation>데모 영상</translation>
</message>
<message>
<source>Source</source>
<translation>소스</translation>
</message>
<message>
<source>Size and rate of the camera</source>
<translation>카메라의 크기와 속도</translation>
</message>
<message>
<source>Open a stream</source>
<translation>스트림 열기</translation>
</message>
<message>
<source>File…</source>
<translation>파일…</translation>
</message>
<message>
<source>Open a video file or a picture</source>
<translation>영상이나 사진 파일 열기</translation>
</message>
<message>
<source>Folder…</source>
<translation>폴더…</translation>
</message>
<message>
<source>Open a folder of pictures</source>
<translation>사진 폴더 열기</translation>
</message>
<message>
<source>Address…</source>
<translation>주소…</translation>
</message>
<message>
<source>Open a network stream (RTSP, HTTP)</source>
<translation>네트워크 스트림 열기 (RTSP, HTTP)</translation>
</message>
<message>
<source>Analyse every frame</source>
<translation>모든 프레임 분석</translation>
</message>
<message>
<source>Camera {}</source>
<translation>카메라 {}</translation>
</message>
<message>
<source>Open a video</source>
<translation>영상 열기</translation>
</message>
<message>
<source>Did not open: {}</source>
<translation>열리지 않음: {}</translation>
</message>
<message>
<source>Speed</source>
<translation>속도</translation>
</message>
<message>
<source>Angles shown</source>
<translation>표시할 각도</translation>
</message>
<message>
<source>Frame {} of the source</source>
<translation>소스의 프레임 {}</translation>
</message>
<message>
<source>{}   frame {:,} / {:,}</source>
<translation>{}   프레임 {:,} / {:,}</translation>
</message>
<message>
<source>One unfinished take found in {1}.</source>
<translation>{1}에서 끝나지 않은 테이크 하나를 찾았습니다.</translation>
</message>
<message>
<source>{0} unfinished takes found in {1}.</source>
<translation>{1}에서 끝나지 않은 테이크 {0}개를 찾았습니다.</translation>
</message>
<message>
<source>Finish them</source>
<translation>모두 마무리</translation>
</message>
<message>
<source>Finish it</source>
<translation>마무리</translation>
</message>
<message>
<source>Finished: {}.</source>
<translation>마무리함: {}.</translation>
</message>
<message>
<source>Saved to {}.</source>
<translation>{}에 저장됨.</translation>
</message>
<message>
<source>A file is being analysed: wait for it, or cancel that.</source>
<translation>파일을 분석하는 중입니다. 기다리거나 취소하세요.</translation>
</message>
<message>
<source>{} ({} frames)</source>
<translation>{} ({}프레임)</translation>
</message>
<message>
<source>faint: raw</source>
<translation>흐린 선: 원본</translation>
</message>
<message>
<source>faint: clean</source>
<translation>흐린 선: 다듬은 것</translation>
</message>
<message>
<source>As recorded</source>
<translation>녹화된 그대로</translation>
</message>
<message>
<source>This session has a result of {} already. Replace it?</source>
<translation>이 세션에는 {}의 결과가 이미 있습니다. 바꿀까요?</translation>
</message>
<message>
<source>{} frames, {}</source>
<translation>{}프레임, {}</translation>
</message>
<message>
<source>{}, run again</source>
<translation>{}, 다시 실행</translation>
</message>
<message>
<source>no lifter</source>
<translation>3D 변환 없음</translation>
</message>
<message>
<source>Clean: {}.</source>
<translation>다듬기: {}.</translation>
</message>
<message>
<source>Nothing to undo.</source>
<translation>취소할 것이 없습니다.</translation>
</message>
<message>
<source>Settings are as at first; Ctrl+Z takes that back.</source>
<translation>설정을 처음 상태로 되돌렸습니다. Ctrl+Z로 취소할 수 있습니다.</translation>
</message>
<message>
<source>No camera found: playing the demo clip.</source>
<translation>카메라가 없어 데모 영상을 재생합니다.</translation>
</message>
<message>
<source>A take is being recorded: stop it (R), then change the source.</source>
<translation>테이크를 녹화하는 중입니다. 멈춘(R) 뒤에 소스를 바꾸세요.</translation>
</message>
<message>
<source>{} cannot be put into the bin; nothing was deleted.</source>
<translation>{}을(를) 휴지통에 넣을 수 없습니다. 삭제된 것은 없습니다.</translation>
</message>
<message>
<source>Delete?</source>
<translation>삭제할까요?</translation>
</message>
<message>
<source>Put {} into the bin?</source>
<translation>{}을(를) 휴지통에 넣을까요?</translation>
</message>
<message>
<source>No takes yet in {}.</source>
<translation>{}에 아직 테이크가 없습니다.</translation>
</message>
<message>
<source>Take</source>
<translation>테이크</translation>
</message>
<message>
<source>Recorded</source>
<translation>녹화 시각</translation>
</message>
<message>
<source>Length</source>
<translation>길이</translation>
</message>
<message>
<source>Tracked</source>
<translation>추적률</translation>
</message>
<message>
<source>Takes</source>
<translation>테이크</translation>
</message>
<message>
<source>Rename</source>
<translation>이름 바꾸기</translation>
</message>
<message>
<source>Delete…</source>
<translation>삭제…</translation>
</message>
<message>
<source>Automatic arrangement</source>
<translation>창 모양에 따라</translation>
</message>
<message>
<source>Side by side</source>
<translation>나란히</translation>
</message>
<message>
<source>One above the other</source>
<translation>위아래로</translation>
</message>
<message>
<source>Picture in picture</source>
<translation>화면 속 화면</translation>
</message>
<message>
<source>3D only</source>
<translation>3D만</translation>
</message>
<message>
<source> · subject</source>
<translation> · 대상</translation>
</message>
<message>
<source>The 3D view needs OpenGL 2.1 or newer, and this display offers none.
Install its graphics driver (Debian, Ubuntu: libgl1-mesa-dri).</source>
<translation>3D 보기에는 OpenGL 2.1 이상이 필요하지만 이 화면에는 없습니다.
그래픽 드라이버를 설치하세요 (Debian, Ubuntu: libgl1-mesa-dri).</translation>
</message>
<message>
<source>Drag to turn, wheel to zoom, Ctrl+drag to move</source>
<translation>끌어서 회전, 휠로 확대·축소, Ctrl+끌기로 이동</translation>
</message>
<message>
<source>Timeline</source>
<translation>시간축</translation>
</message>
<message>
<source>angle, degrees</source>
<translation>각도, 도</translation>
</message>
<message>
<source>time, minutes:seconds</source>
<translation>시간, 분:초</translation>
</message>
<message>
<source>Click a person to choose the subject (N: the next one); Esc gives the choice back</source>
<translation>사람을 클릭해 대상을 고름 (N: 다음 사람); Esc는 선택 해제</translation>
</message>
<message>
<source>Paused</source>
<translation>일시정지</translation>
</message>
</context>
</TS>