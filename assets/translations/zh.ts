<?xml version='1.0' encoding='utf-8'?>
<TS version="2.1" language="zh" sourcelanguage="en">
<context>
<name>Sandglass</name>
<message>
<source>First let the backbone load and the running take end.</source>
<translation>请先等骨干网络载入、正在进行的录制结束。</translation>
</message>
<message>
<source>The take keeps what was analysed so far.</source>
<translation>已分析的部分保留在录制中。</translation>
</message>
<message>
<source>Allow it in System Settings, Privacy &amp; Security, Camera, then start again.</source>
<translation>请在“系统设置 - 隐私与安全性 - 摄像头”中允许,然后重新启动。</translation>
</message>
<message>
<source>Allow it in Settings, Privacy &amp; security, Camera.</source>
<translation>请在“设置 - 隐私和安全性 - 相机”中允许。</translation>
</message>
<message>
<source>Join the group 'video': sudo usermod -aG video $USER, then log in again.</source>
<translation>请加入“video”组:sudo usermod -aG video $USER,然后重新登录。</translation>
</message>
<message>
<source>Step into the picture.</source>
<translation>请走进画面。</translation>
</message>
<message>
<source>Come closer: you fill less than a fifth of the picture's height.</source>
<translation>请靠近:您不足画面高度的五分之一。</translation>
</message>
<message>
<source>Turn on a light in front of you.</source>
<translation>请打开您前方的灯。</translation>
</message>
<message>
<source>Step back, or lower the camera.</source>
<translation>请后退,或降低摄像头。</translation>
</message>
<message>
<source>Camera and permission</source>
<translation>摄像头与权限</translation>
</message>
<message>
<source>Light</source>
<translation>光线</translation>
</message>
<message>
<source>Distance and framing</source>
<translation>距离与取景</translation>
</message>
<message>
<source>Opening…</source>
<translation>正在打开…</translation>
</message>
<message>
<source>Waiting for the first picture…</source>
<translation>正在等待第一幅画面…</translation>
</message>
<message>
<source>You are tracked, whole and sure.</source>
<translation>全身已被可靠跟踪。</translation>
</message>
<message>
<source>Stand still for a moment, facing the camera.</source>
<translation>请面向摄像头站立片刻。</translation>
</message>
<message>
<source>Bright enough: {:.0f} of 255.</source>
<translation>亮度足够:{:.0f}/255。</translation>
</message>
<message>
<source>This is the demo clip, not a camera.</source>
<translation>这是演示片段，不是摄像头。</translation>
</message>
<message>
<source>{} gives pictures.</source>
<translation>{} 有画面。</translation>
</message>
<message>
<source>No camera gives pictures.</source>
<translation>没有摄像头提供画面。</translation>
</message>
<message>
<source>End a countdown, full screen, message, guide or choice of a person</source>
<translation>依次结束倒计时、全屏、消息、向导或对人的选择</translation>
</message>
<message>
<source>Start or stop recording</source>
<translation>开始或停止录制</translation>
</message>
<message>
<source>Pause the live picture</source>
<translation>定格画面</translation>
</message>
<message>
<source>Level the camera, after somebody stood straight for 2 s</source>
<translation>以站直 2 秒的人校平相机</translation>
</message>
<message>
<source>Make the next person the subject</source>
<translation>以下一个人为主体</translation>
</message>
<message>
<source>Camera guide: permission, light, distance, framing</source>
<translation>摄像头引导:权限、光线、距离、取景</translation>
</message>
<message>
<source>Reset the 3D view</source>
<translation>重置三维视图</translation>
</message>
<message>
<source>Play or pause</source>
<translation>播放或暂停</translation>
</message>
<message>
<source>One frame back</source>
<translation>后退一帧</translation>
</message>
<message>
<source>One frame forward</source>
<translation>前进一帧</translation>
</message>
<message>
<source>One second back</source>
<translation>后退一秒</translation>
</message>
<message>
<source>One second forward</source>
<translation>前进一秒</translation>
</message>
<message>
<source>To the previous mark</source>
<translation>到上一个标记</translation>
</message>
<message>
<source>To the next mark</source>
<translation>到下一个标记</translation>
</message>
<message>
<source>Zoom into the timeline</source>
<translation>放大时间轴</translation>
</message>
<message>
<source>Zoom out of the timeline</source>
<translation>缩小时间轴</translation>
</message>
<message>
<source>To the first frame</source>
<translation>到第一帧</translation>
</message>
<message>
<source>To the last frame</source>
<translation>到最后一帧</translation>
</message>
<message>
<source>Slower</source>
<translation>减速</translation>
</message>
<message>
<source>Faster</source>
<translation>加速</translation>
</message>
<message>
<source>Loop</source>
<translation>从头循环</translation>
</message>
<message>
<source>Export the session</source>
<translation>导出会话</translation>
</message>
<message>
<source>Back to the live picture</source>
<translation>返回实时画面</translation>
</message>
<message>
<source>Mirror the view</source>
<translation>镜像显示</translation>
</message>
<message>
<source>Joint uncertainty</source>
<translation>每个关节的把握</translation>
</message>
<message>
<source>Joint angles</source>
<translation>关节角度</translation>
</message>
<message>
<source>The 3D view from above</source>
<translation>俯视 3D 视图</translation>
</message>
<message>
<source>Turn the 3D view</source>
<translation>旋转三维视图</translation>
</message>
<message>
<source>Tilt the 3D view</source>
<translation>倾斜三维视图</translation>
</message>
<message>
<source>Zoom the 3D view</source>
<translation>缩放三维视图</translation>
</message>
<message>
<source>Next arrangement of the views</source>
<translation>下一种视图布局</translation>
</message>
<message>
<source>Video over the full screen</source>
<translation>视频全屏</translation>
</message>
<message>
<source>Show or hide the panels</source>
<translation>显示或隐藏面板</translation>
</message>
<message>
<source>Switch between dark and light</source>
<translation>深色或浅色</translation>
</message>
<message>
<source>Save a picture of the window</source>
<translation>保存窗口截图</translation>
</message>
<message>
<source>Open a video file</source>
<translation>打开视频文件</translation>
</message>
<message>
<source>List of recorded takes</source>
<translation>已有的录制</translation>
</message>
<message>
<source>Open a recorded session</source>
<translation>打开录制的会话</translation>
</message>
<message>
<source>Keyboard shortcuts</source>
<translation>快捷键</translation>
</message>
<message>
<source>Undo the last change of a setting</source>
<translation>撤销上一次设置更改</translation>
</message>
<message>
<source>Reset all settings to their defaults</source>
<translation>所有设置恢复默认</translation>
</message>
<message>
<source>Quit</source>
<translation>退出</translation>
</message>
<message>
<source>Backbone at that place in the list</source>
<translation>列表中该位置的主干网络</translation>
</message>
<message>
<source>Click</source>
<translation>点击</translation>
</message>
<message>
<source>Make that person the subject</source>
<translation>画面中的人成为主体</translation>
</message>
<message>
<source>Drag</source>
<translation>拖动</translation>
</message>
<message>
<source>Turn the 3D view; move the horizon of the picture</source>
<translation>转动 3D 视图；移动画面的地平线</translation>
</message>
<message>
<source>Wheel</source>
<translation>滚轮</translation>
</message>
<message>
<source>Zoom the 3D view; over the panels, scroll</source>
<translation>缩放三维视图;在面板上则滚动</translation>
</message>
<message>
<source>Ctrl+drag</source>
<translation>Ctrl+拖动</translation>
</message>
<message>
<source>Move the 3D view</source>
<translation>移动三维视图</translation>
</message>
<message>
<source>Drop</source>
<translation>拖放</translation>
</message>
<message>
<source>Replay a session; open a video or folder</source>
<translation>会话被回放,视频或文件夹成为来源</translation>
</message>
<message>
<source>Click, drag</source>
<translation>点击、拖动</translation>
</message>
<message>
<source>Go to that moment of the timeline</source>
<translation>在时间轴上:跳到该处</translation>
</message>
<message>
<source>Live</source>
<translation>实时</translation>
</message>
<message>
<source>Everywhere</source>
<translation>任何时候</translation>
</message>
<message>
<source>Replay</source>
<translation>回放</translation>
</message>
<message>
<source>Mouse</source>
<translation>鼠标</translation>
</message>
<message>
<source>Open a session (the folder of a take)</source>
<translation>打开会话(一次录制的文件夹)</translation>
</message>
<message>
<source>A take is being recorded: stop it (R), then change this.</source>
<translation>正在录制:先停止 (R),再更改。</translation>
</message>
<message>
<source>A take is being recorded: stop it (R), then open a session.</source>
<translation>正在录制:先停止 (R),再打开会话。</translation>
</message>
<message>
<source>The TensorRT engine was not built: cancelled.</source>
<translation>TensorRT 引擎未构建:已取消。</translation>
</message>
<message>
<source>Build the TensorRT engine</source>
<translation>构建 TensorRT 引擎</translation>
</message>
<message>
<source>looking for it</source>
<translation>正在查找</translation>
</message>
<message>
<source>This GPU can run {} through TensorRT.</source>
<translation>此 GPU 可用 TensorRT 运行 {}。</translation>
</message>
<message>
<source>TensorRT engine: {}</source>
<translation>TensorRT 引擎:{}</translation>
</message>
<message>
<source>Only head and shoulders: legs are guesses</source>
<translation>只见头和肩:腿部为推测</translation>
</message>
<message>
<source>{} Reconnecting…</source>
<translation>{} 正在重新连接…</translation>
</message>
<message>
<source>{} gives no new pictures.</source>
<translation>{} 没有新的画面。</translation>
</message>
<message>
<source>Camera {} stopped giving pictures.</source>
<translation>摄像头 {} 不再提供画面。</translation>
</message>
<message>
<source>The stream {} broke off ({}).</source>
<translation>流 {} 中断({})。</translation>
</message>
<message>
<source>The source opened but gives no pictures.</source>
<translation>来源已打开,但没有画面。</translation>
</message>
<message>
<source>Camera {} ({}) does not open: is another program using it?</source>
<translation>摄像头 {}({})无法打开:是否被其他程序占用?</translation>
</message>
<message>
<source>No {}. Cameras found: {}.</source>
<translation>没有{}。找到的摄像头:{}。</translation>
</message>
<message>
<source>camera {}</source>
<translation>摄像头 {}</translation>
</message>
<message>
<source>file, folder or camera '{}'</source>
<translation>文件、文件夹或摄像头“{}”</translation>
</message>
<message>
<source>none</source>
<translation>无</translation>
</message>
<message>
<source>{} does not open as a video ({}).</source>
<translation>{} 无法作为视频打开({})。</translation>
</message>
<message>
<source>{} has no picture in it.</source>
<translation>{} 中没有画面。</translation>
</message>
<message>
<source>{} holds no pictures ({}).</source>
<translation>{} 中没有图片({})。</translation>
</message>
<message>
<source>{} holds no readable picture: is it a whole video file?</source>
<translation>{} 中没有可读的画面:视频文件是否完整?</translation>
</message>
<message>
<source>{} holds no readable picture: save them again as PNG or JPEG.</source>
<translation>{} 中没有可读的图片:请重新保存为 PNG 或 JPEG。</translation>
</message>
<message>
<source>Unreadable, left out: {} in {}.</source>
<translation>无法读取,已跳过:{}({})。</translation>
</message>
<message>
<source>The backbone failed on a frame: {}</source>
<translation>主干网络处理一帧时失败:{}</translation>
</message>
<message>
<source>Nothing to record yet: no backbone is running.</source>
<translation>还没有可录制的内容:没有运行的主干网络。</translation>
</message>
<message>
<source>Runtime '{}' is not installed: {}.</source>
<translation>未安装运行时“{}”:{}。</translation>
</message>
<message>
<source>{} cannot run '{}': {}</source>
<translation>{} 无法运行“{}”:{}</translation>
</message>
<message>
<source>{} Until then {} runs.</source>
<translation>{} 在此之前运行 {}。</translation>
</message>
<message>
<source>Not levelled: nobody has stood straight, seen from head to feet, for the last two seconds.</source>
<translation>未校平:最近 2 秒内没有人从头到脚可见地站直。</translation>
</message>
<message>
<source>{}: how fast backbones are here is not known.</source>
<translation>{}：尚不知道骨干网络在本机有多快。</translation>
</message>
<message>
<source>{}: the fastest, no backbone keeps {} ({} a picture).</source>
<translation>{}：最快的；没有骨干网络能保持{}（每张 {}）。</translation>
</message>
<message>
<source>{}: the most accurate that keeps {} ({} a picture).</source>
<translation>{}：能保持{}的骨干网络中最准确的（每张 {}）。</translation>
</message>
<message>
<source>{} results a second here</source>
<translation>本机每秒 {} 个结果</translation>
</message>
<message>
<source>Recording stopped: {} ({}).</source>
<translation>录制已停止:{}({})。</translation>
</message>
<message>
<source>the disk is almost full, {}</source>
<translation>磁盘将满,{}</translation>
</message>
<message>
<source>Cannot record into {}: {}; choose another folder.</source>
<translation>无法录制到 {}:{};请选择其他文件夹。</translation>
</message>
<message>
<source>only {}, a take needs more than {}</source>
<translation>{},录制需要多于 {}</translation>
</message>
<message>
<source>{} already holds a session ({}); choose another folder.</source>
<translation>{} 中已有会话({});请选择其他文件夹。</translation>
</message>
<message>
<source>{}, room for &lt; 1 min</source>
<translation>{},可录制不足 1 分钟</translation>
</message>
<message>
<source>{}, room for {} min</source>
<translation>{},可录制 {} 分钟</translation>
</message>
<message>
<source>{} GB free</source>
<translation>剩余 {} GB</translation>
</message>
<message>
<source>Nothing to judge: fewer than two frames.</source>
<translation>无从判断:不足两帧。</translation>
</message>
<message>
<source>Good: {}.</source>
<translation>良好:{}。</translation>
</message>
<message>
<source>Rate off target: {}.</source>
<translation>帧率偏离:{}。</translation>
</message>
<message>
<source>Rate unknown: {}.</source>
<translation>帧率未知:{}。</translation>
</message>
<message>
<source>Frames missing: {}.</source>
<translation>有中断:{}。</translation>
</message>
<message>
<source>A person whole and sure in only {} % of the frames: {}.</source>
<translation>只有 {} % 的帧中人物完整且可信:{}。</translation>
</message>
<message>
<source>{}, longest gap {} s, {} people left out, those seen least</source>
<translation>{},最长间隔 {} 秒,略去出现最少的 {} 人</translation>
</message>
<message>
<source>{}, longest gap {} s</source>
<translation>{},最长间隔 {} 秒</translation>
</message>
<message>
<source>{} swaps mended, gaps filled in {} frames, feet kept in place in {}; {} Hz, gaps up to {} s</source>
<translation>修正了 {} 次左右互换，填补了 {} 帧的空缺，在 {} 帧中固定了双脚；{} Hz，最长 {} 秒的空缺</translation>
</message>
<message>
<source>{} of {} frames had a picture, a person in {}</source>
<translation>{}/{} 帧有画面，其中 {} 帧有人</translation>
</message>
<message>
<source>{} frames a second of {}</source>
<translation>每秒 {} 帧(应为 {})</translation>
</message>
<message>
<source>{} frames a second</source>
<translation>每秒 {} 帧</translation>
</message>
<message>
<source>{} holds no session: no {} there.</source>
<translation>{} 中没有会话:没有 {}。</translation>
</message>
<message>
<source>{} holds no frame: there is nothing to show.</source>
<translation>{} 中没有帧:没有可显示的内容。</translation>
</message>
<message>
<source>{} cannot be read: {}.</source>
<translation>{} 无法读取:{}。</translation>
</message>
<message>
<source>{} cannot be written: {}.</source>
<translation>{} 无法写入:{}。</translation>
</message>
<message>
<source>OSC cannot be sent to {}: {}.</source>
<translation>无法向 {} 发送 OSC:{}。</translation>
</message>
<message>
<source>No WebSocket on {}: {}; choose another.</source>
<translation>{} 上无法开启 WebSocket:{};请选择其他地址。</translation>
</message>
<message>
<source>'{}' is not an address: give HOST:PORT or PORT, such as 9000.</source>
<translation>“{}”不是地址:请写 HOST:PORT 或 PORT,例如 9000。</translation>
</message>
<message>
<source>Nobody in view</source>
<translation>画面中没有人</translation>
</message>
<message>
<source>Too far</source>
<translation>太远</translation>
</message>
<message>
<source>Too dark</source>
<translation>太暗</translation>
</message>
<message>
<source>Two people: click one</source>
<translation>两个人:点击其中一个</translation>
</message>
<message>
<source>Three people: click one</source>
<translation>三个人:点击其中一个</translation>
</message>
<message>
<source>Four people: click one</source>
<translation>四个人:点击其中一个</translation>
</message>
<message>
<source>Five people: click one</source>
<translation>五个人:点击其中一个</translation>
</message>
<message>
<source>Six people: click one</source>
<translation>六个人:点击其中一个</translation>
</message>
<message>
<source>Many people: click one</source>
<translation>许多人:点击其中一个</translation>
</message>
<message>
<source>confirming</source>
<translation>确认中</translation>
</message>
<message>
<source>tracking</source>
<translation>跟踪中</translation>
</message>
<message>
<source>unsure</source>
<translation>不确定</translation>
</message>
<message>
<source>left</source>
<translation>左</translation>
</message>
<message>
<source>right</source>
<translation>右</translation>
</message>
<message>
<source>gaps</source>
<translation>空缺</translation>
</message>
<message>
<source>swaps</source>
<translation>左右互换</translation>
</message>
<message>
<source>low scores</source>
<translation>低分</translation>
</message>
<message>
<source>filled</source>
<translation>已填补</translation>
</message>
<message>
<source>Knee flexion</source>
<translation>屈膝</translation>
</message>
<message>
<source>Hip flexion</source>
<translation>屈髋</translation>
</message>
<message>
<source>Elbow flexion</source>
<translation>屈肘</translation>
</message>
<message>
<source>Shoulder elevation</source>
<translation>抬肩</translation>
</message>
<message>
<source>Trunk lean</source>
<translation>躯干倾斜</translation>
</message>
<message>
<source>Format</source>
<translation>格式</translation>
</message>
<message>
<source>File to write</source>
<translation>要写入的文件</translation>
</message>
<message>
<source>Outcome</source>
<translation>结果</translation>
</message>
<message>
<source>Choose the file to write</source>
<translation>选择要写入的文件</translation>
</message>
<message>
<source>Progress</source>
<translation>进度</translation>
</message>
<message>
<source>Export to</source>
<translation>导出到</translation>
</message>
<message>
<source>Export</source>
<translation>导出</translation>
</message>
<message>
<source>Choose…</source>
<translation>选择…</translation>
</message>
<message>
<source>Show in folder</source>
<translation>在文件夹中显示</translation>
</message>
<message>
<source>Close</source>
<translation>关闭</translation>
</message>
<message>
<source>Cancel</source>
<translation>取消</translation>
</message>
<message>
<source>{} exists. Replace it?</source>
<translation>{} 已存在。要替换吗?</translation>
</message>
<message>
<source>Replace?</source>
<translation>替换?</translation>
</message>
<message>
<source>Written and read back:</source>
<translation>已写入并读回:</translation>
</message>
<message>
<source>Saved {}.</source>
<translation>已保存 {}。</translation>
</message>
<message>
<source>{} could not be written.</source>
<translation>无法写入 {}。</translation>
</message>
<message>
<source>{} cannot be shown.</source>
<translation>无法显示 {}。</translation>
</message>
<message>
<source>Automatic runtime</source>
<translation>自动选择运行时</translation>
</message>
<message>
<source>Measuring how fast this machine is…</source>
<translation>正在测量本机速度…</translation>
</message>
<message>
<source>Backbone</source>
<translation>主干网络</translation>
</message>
<message>
<source>Runtime</source>
<translation>运行时</translation>
</message>
<message>
<source>Progress of the engine</source>
<translation>引擎进度</translation>
</message>
<message>
<source>Automatic</source>
<translation>自动</translation>
</message>
<message>
<source>{:.2f} M parameters, {:.2f} GMACs</source>
<translation>参数 {:.2f} M,{:.2f} GMACs</translation>
</message>
<message>
<source>No backbone runs</source>
<translation>没有运行的主干网络</translation>
</message>
<message>
<source>Loading {}…</source>
<translation>正在加载 {}…</translation>
</message>
<message>
<source>TensorRT engine: {}, {:.0%}</source>
<translation>TensorRT 引擎:{},{:.0%}</translation>
</message>
<message>
<source>Show log</source>
<translation>显示日志</translation>
</message>
<message>
<source>Put away</source>
<translation>收起</translation>
</message>
<message>
<source>Not now</source>
<translation>以后再说</translation>
</message>
<message>
<source>Next step</source>
<translation>下一步</translation>
</message>
<message>
<source>Skip the guide</source>
<translation>跳过引导</translation>
</message>
<message>
<source>Done</source>
<translation>完成</translation>
</message>
<message>
<source>Lifter</source>
<translation>三维提升</translation>
</message>
<message>
<source>{:.2f} M parameters</source>
<translation>参数 {:.2f} M</translation>
</message>
<message>
<source>A port of this computer, or HOST:PORT for others in the network</source>
<translation>本机端口,或网络中的 HOST:PORT</translation>
</message>
<message>
<source>OSC to</source>
<translation>OSC 发送到</translation>
</message>
<message>
<source>WebSocket on</source>
<translation>WebSocket 监听</translation>
</message>
<message>
<source>Live out</source>
<translation>实时输出</translation>
</message>
<message>
<source> · {} connected</source>
<translation> · 已连接 {} 个</translation>
</message>
<message>
<source>{}: address</source>
<translation>{}:地址</translation>
</message>
<message>
<source>Capture</source>
<translation>采集</translation>
</message>
<message>
<source>Inference</source>
<translation>推理</translation>
</message>
<message>
<source>Frame age p50 / p95</source>
<translation>帧龄 p50 / p95</translation>
</message>
<message>
<source>Dropped</source>
<translation>丢弃</translation>
</message>
<message>
<source>Left/right swaps</source>
<translation>左右互换</translation>
</message>
<message>
<source>How often left and right were swapped and corrected</source>
<translation>左右互换并被纠正的次数</translation>
</message>
<message>
<source>Show the view as a mirror does; recordings are not mirrored</source>
<translation>如同照镜子;录制内容不变</translation>
</message>
<message>
<source>One standard deviation around each joint in 3D, where the lifter estimates it</source>
<translation>三维中每个关节周围一个标准差,若三维提升给出</translation>
</message>
<message>
<source>Skeleton</source>
<translation>骨架</translation>
</message>
<message>
<source>How many people are followed</source>
<translation>跟踪的人数</translation>
</message>
<message>
<source>Others are seen, and can be clicked, but not followed</source>
<translation>其他人可见、可点击,但不跟踪</translation>
</message>
<message>
<source>Smoothing</source>
<translation>平滑</translation>
</message>
<message>
<source>Less jitter to the right, less lag to the left</source>
<translation>向右减少抖动,向左减少延迟</translation>
</message>
<message>
<source>Score threshold</source>
<translation>分数阈值</translation>
</message>
<message>
<source>A joint that scores less counts as unseen</source>
<translation>分数更低的关节视为不可见</translation>
</message>
<message>
<source>Follow one person</source>
<translation>跟踪一个人</translation>
</message>
<message>
<source>Follow {} people</source>
<translation>跟踪 {} 个人</translation>
</message>
<message>
<source>Window</source>
<translation>窗口</translation>
</message>
<message>
<source>Arrangement of the views</source>
<translation>视图布局</translation>
</message>
<message>
<source>Language</source>
<translation>语言</translation>
</message>
<message>
<source>System language</source>
<translation>系统语言</translation>
</message>
<message>
<source>Reset to defaults</source>
<translation>恢复默认</translation>
</message>
<message>
<source>Undo</source>
<translation>撤销</translation>
</message>
<message>
<source>●  Record</source>
<translation>●  录制</translation>
</message>
<message>
<source>Poses only</source>
<translation>仅姿态</translation>
</message>
<message>
<source>With video</source>
<translation>含视频</translation>
</message>
<message>
<source>Where takes are written</source>
<translation>录制保存位置</translation>
</message>
<message>
<source>Record</source>
<translation>录制</translation>
</message>
<message>
<source>What is recorded</source>
<translation>录制内容</translation>
</message>
<message>
<source>Countdown</source>
<translation>倒计时</translation>
</message>
<message>
<source>Notes</source>
<translation>备注</translation>
</message>
<message>
<source>Notes, kept with the take</source>
<translation>备注,随录制保存</translation>
</message>
<message>
<source>Choose where takes are written</source>
<translation>选择保存位置</translation>
</message>
<message>
<source>Show the folder in the file manager</source>
<translation>在文件管理器中显示文件夹</translation>
</message>
<message>
<source>Change…</source>
<translation>更改…</translation>
</message>
<message>
<source>Show</source>
<translation>显示</translation>
</message>
<message>
<source>At once</source>
<translation>立即</translation>
</message>
<message>
<source>■  Stop   {}   {} frames</source>
<translation>■  停止   {}   {} 帧</translation>
</message>
<message>
<source>■  Stop   {}</source>
<translation>■  停止   {}</translation>
</message>
<message>
<source>{:.0f} GB free</source>
<translation>剩余 {:.0f} GB</translation>
</message>
<message>
<source>Take {}</source>
<translation>第 {} 次录制</translation>
</message>
<message>
<source>Disk nearly full: </source>
<translation>磁盘将满:</translation>
</message>
<message>
<source>In {} s</source>
<translation>{} 秒后</translation>
</message>
<message>
<source>■  Cancel   in {} s</source>
<translation>■  取消   {} 秒后</translation>
</message>
<message>
<source>{} guess</source>
<translation>{} 猜测</translation>
</message>
<message>
<source>{} found</source>
<translation>{} 测得</translation>
</message>
<message>
<source>{} by the file</source>
<translation>{} 来自文件</translation>
</message>
<message>
<source>{} by the name</source>
<translation>{} 来自名称</translation>
</message>
<message>
<source>Body height</source>
<translation>身高</translation>
</message>
<message>
<source>Of the person, also 182 cm or 6'1": sizes and distances follow from it</source>
<translation>人的身高，也可写 182 cm 或 6'1"：尺寸与距离由此得出</translation>
</message>
<message>
<source>Field of view</source>
<translation>视角</translation>
</message>
<message>
<source>Horizontal, of the camera</source>
<translation>相机的水平视角</translation>
</message>
<message>
<source>Camera pitch</source>
<translation>相机俯角</translation>
</message>
<message>
<source>Positive: the camera looks down</source>
<translation>大于 0 为俯视</translation>
</message>
<message>
<source>Camera roll</source>
<translation>相机倾斜</translation>
</message>
<message>
<source>Positive: the camera is turned clockwise</source>
<translation>从相机看为顺时针</translation>
</message>
<message>
<source>not known</source>
<translation>未知</translation>
</message>
<message>
<source>Room</source>
<translation>空间</translation>
</message>
<message>
<source>Level</source>
<translation>校平</translation>
</message>
<message>
<source>{} must be from {:g} to {:g} {}, not '{}'.</source>
<translation>{}必须在 {:g} 到 {:g} {} 之间，不是“{}”。</translation>
</message>
<message>
<source>Empty: estimated or guessed</source>
<translation>留空：自动测得或猜测</translation>
</message>
<message>
<source>Run the recorded video through this backbone; both results are kept</source>
<translation>用此主干网络重新处理录制视频;两个结果都保留</translation>
</message>
<message>
<source>Only takes with video can be run again</source>
<translation>只有带视频的录制才能重新运行</translation>
</message>
<message>
<source>Session</source>
<translation>会话</translation>
</message>
<message>
<source>Result shown</source>
<translation>显示的结果</translation>
</message>
<message>
<source>Clean</source>
<translation>清理</translation>
</message>
<message>
<source>Swaps mended, gaps filled, smoothed without lag, bones of one length; beside the raw take, which stays</source>
<translation>修正互换、填补缺口、无延迟平滑、骨长一致;原始录制保留</translation>
</message>
<message>
<source>Cutoff of the smoothing</source>
<translation>平滑截止频率</translation>
</message>
<message>
<source>Longest gap that is filled</source>
<translation>填补的最长缺口</translation>
</message>
<message>
<source>Backbone to run again with</source>
<translation>重新运行所用主干网络</translation>
</message>
<message>
<source>Run again</source>
<translation>重新运行</translation>
</message>
<message>
<source>Export…</source>
<translation>导出…</translation>
</message>
<message>
<source>Back to live</source>
<translation>返回实时</translation>
</message>
<message>
<source>Videos and pictures (*.mp4 *.mkv *.mov *.avi *.webm *.m4v *.mpg *.mpeg *.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff);;All files (*)</source>
<translation>视频与图片 (*.mp4 *.mkv *.mov *.avi *.webm *.m4v *.mpg *.mpeg *.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff);;所有文件 (*)</translation>
</message>
<message>
<source>Records a take of all frames of this file, as fast as it goes; live, those that come too late are dropped</source>
<translation>以最快速度把此文件的所有帧录为一次录制；实时播放时来不及的帧会被丢弃</translation>
</message>
<message>
<source>Size and rate…</source>
<translation>尺寸与帧率…</translation>
</message>
<message>
<source>Size and rate: choose</source>
<translation>尺寸与帧率:选择</translation>
</message>
<message>
<source>No source</source>
<translation>没有来源</translation>
</message>
<message>
<source>Lost, reconnecting…</source>
<translation>已断开,正在重连…</translation>
</message>
<message>
<source>Ended</source>
<translation>已结束</translation>
</message>
<message>
<source>Address of the stream (rtsp://… or http://…):</source>
<translation>流地址(rtsp://… 或 http://…):</translation>
</message>
<message>
<source>Demo clip</source>
<translation>演示片段</translation>
</message>
<message>
<source>Source</source>
<translation>来源</translation>
</message>
<message>
<source>Size and rate of the camera</source>
<translation>摄像头的尺寸与帧率</translation>
</message>
<message>
<source>Open a stream</source>
<translation>打开流</translation>
</message>
<message>
<source>File…</source>
<translation>文件…</translation>
</message>
<message>
<source>Open a video file or a picture</source>
<translation>打开视频文件或图片</translation>
</message>
<message>
<source>Folder…</source>
<translation>文件夹…</translation>
</message>
<message>
<source>Open a folder of pictures</source>
<translation>打开图片文件夹</translation>
</message>
<message>
<source>Address…</source>
<translation>地址…</translation>
</message>
<message>
<source>Open a network stream (RTSP, HTTP)</source>
<translation>打开网络流(RTSP、HTTP)</translation>
</message>
<message>
<source>Analyse every frame</source>
<translation>分析每一帧</translation>
</message>
<message>
<source>Camera {}</source>
<translation>摄像头 {}</translation>
</message>
<message>
<source>Open a video</source>
<translation>打开视频</translation>
</message>
<message>
<source>Did not open: {}</source>
<translation>未能打开:{}</translation>
</message>
<message>
<source>Speed</source>
<translation>速度</translation>
</message>
<message>
<source>Angles shown</source>
<translation>显示的角度</translation>
</message>
<message>
<source>Frame {} of the source</source>
<translation>来源的第 {} 帧</translation>
</message>
<message>
<source>{}   frame {:,} / {:,}</source>
<translation>{}   帧 {:,} / {:,}</translation>
</message>
<message>
<source>One unfinished take found in {1}.</source>
<translation>在 {1} 中找到一个未完成的录制。</translation>
</message>
<message>
<source>{0} unfinished takes found in {1}.</source>
<translation>在 {1} 中找到 {0} 个未完成的录制。</translation>
</message>
<message>
<source>Finish them</source>
<translation>全部完成</translation>
</message>
<message>
<source>Finish it</source>
<translation>完成它</translation>
</message>
<message>
<source>Finished: {}.</source>
<translation>已完成:{}。</translation>
</message>
<message>
<source>Saved to {}.</source>
<translation>已保存到 {}。</translation>
</message>
<message>
<source>A file is being analysed: wait for it, or cancel that.</source>
<translation>正在分析文件：请等待，或取消。</translation>
</message>
<message>
<source>{} ({} frames)</source>
<translation>{}({} 帧)</translation>
</message>
<message>
<source>faint: raw</source>
<translation>浅色:原始</translation>
</message>
<message>
<source>faint: clean</source>
<translation>浅色:清理后</translation>
</message>
<message>
<source>As recorded</source>
<translation>录制原样</translation>
</message>
<message>
<source>This session has a result of {} already. Replace it?</source>
<translation>此会话已有 {} 的结果。要替换吗?</translation>
</message>
<message>
<source>{} frames, {}</source>
<translation>{} 帧,{}</translation>
</message>
<message>
<source>{}, run again</source>
<translation>{},重新运行</translation>
</message>
<message>
<source>no lifter</source>
<translation>无三维提升</translation>
</message>
<message>
<source>Clean: {}.</source>
<translation>清理:{}。</translation>
</message>
<message>
<source>Nothing to undo.</source>
<translation>没有可撤销的更改。</translation>
</message>
<message>
<source>Settings are as at first; Ctrl+Z takes that back.</source>
<translation>设置已恢复为最初状态；Ctrl+Z 可撤销。</translation>
</message>
<message>
<source>No camera found: playing the demo clip.</source>
<translation>未找到摄像头:播放演示片段。</translation>
</message>
<message>
<source>A take is being recorded: stop it (R), then change the source.</source>
<translation>正在录制：请先停止 (R)，再更换来源。</translation>
</message>
<message>
<source>{} cannot be put into the bin; nothing was deleted.</source>
<translation>无法将 {} 移到回收站;未删除任何内容。</translation>
</message>
<message>
<source>Delete?</source>
<translation>删除?</translation>
</message>
<message>
<source>Put {} into the bin?</source>
<translation>将 {} 移到回收站?</translation>
</message>
<message>
<source>No takes yet in {}.</source>
<translation>{} 中还没有录制。</translation>
</message>
<message>
<source>Take</source>
<translation>录制</translation>
</message>
<message>
<source>Recorded</source>
<translation>录制时间</translation>
</message>
<message>
<source>Length</source>
<translation>时长</translation>
</message>
<message>
<source>Tracked</source>
<translation>跟踪率</translation>
</message>
<message>
<source>Takes</source>
<translation>录制列表</translation>
</message>
<message>
<source>Rename</source>
<translation>重命名</translation>
</message>
<message>
<source>Delete…</source>
<translation>删除…</translation>
</message>
<message>
<source>Automatic arrangement</source>
<translation>随窗口形状</translation>
</message>
<message>
<source>Side by side</source>
<translation>左右并排</translation>
</message>
<message>
<source>One above the other</source>
<translation>上下排列</translation>
</message>
<message>
<source>Picture in picture</source>
<translation>画中画</translation>
</message>
<message>
<source>3D only</source>
<translation>仅三维</translation>
</message>
<message>
<source> · subject</source>
<translation> · 主体</translation>
</message>
<message>
<source>The 3D view needs OpenGL 2.1 or newer, and this display offers none.
Install its graphics driver (Debian, Ubuntu: libgl1-mesa-dri).</source>
<translation>三维视图需要 OpenGL 2.1 或更高版本,而此显示器没有。
请安装显卡驱动(Debian、Ubuntu:libgl1-mesa-dri)。</translation>
</message>
<message>
<source>Drag to turn, wheel to zoom, Ctrl+drag to move</source>
<translation>拖动旋转,滚轮缩放,Ctrl+拖动移动</translation>
</message>
<message>
<source>Timeline</source>
<translation>时间轴</translation>
</message>
<message>
<source>angle, degrees</source>
<translation>角度,度</translation>
</message>
<message>
<source>time, minutes:seconds</source>
<translation>时间,分:秒</translation>
</message>
<message>
<source>Click a person to choose the subject (N: the next one); Esc gives the choice back</source>
<translation>点击某人选为主体(N:下一个);Esc 取消选择</translation>
</message>
<message>
<source>Paused</source>
<translation>已暂停</translation>
</message>
</context>
</TS>