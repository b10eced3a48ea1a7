/// What people say.
///
/// `#` stands for a digit and `@` for a city. What is in `topics`, `fillers` and `closings` is free
/// of every word that a quality rule would look for, so that a clean conversation is clean; what
/// rules look for stands in lists of its own.
enum Phrases {
    struct Topic: Sendable {
        let name: String
        let department: String
        let request: String
        /// What the agent asks or says, and what the customer answers.
        let exchanges: [(agent: String, customer: String)]
        let summary: String
    }

    static let topics = [
        Topic(
            name: "宽带报修", department: "宽带服务中心",
            request: "我家宽带从昨天晚上开始就上不了网了",
            exchanges: [
                ("麻烦您看一下光猫上的指示灯是什么颜色", "有一个灯是红色的，一直在闪"),
                ("请您把光猫的电源拔下来，等半分钟再插上", "好，我试一下，稍等"),
                ("现在指示灯变成绿色了吗", "没有，还是红的"),
                ("我帮您远程检测一下线路", "行，麻烦快一点"),
                ("检测到您家附近的光缆有中断", "那什么时候能修好"),
                ("师傅明天上午#点到#点之间上门，您方便吗", "上午可以，我在家"),
                ("请您留一个联系电话", "138000#####"),
                ("已经为您登记了报修单，尾号是####", "好的，我记一下"),
            ],
            summary: "客户来电报修宽带，已登记上门维修。"),
        Topic(
            name: "快递查询", department: "快递客服中心",
            request: "我有一个包裹在@停了好几天了，帮我看看",
            exchanges: [
                ("请您提供一下运单号的后四位", "####"),
                ("查到您的包裹目前在@的中转站", "在那里放了几天了都没动"),
                ("这几天那边天气不好，车辆有延误", "哦，是这样"),
                ("我这边帮您催一下，安排优先发车", "那大概哪天能到"),
                ("预计后天可以送到您手上", "后天我不在家，能放驿站吗"),
                ("可以的，我帮您备注放在驿站", "好，取件码会发短信吧"),
                ("会的，到件之后短信通知您", "嗯，明白了"),
            ],
            summary: "客户查询包裹进度，已催促发车并备注派送方式。"),
        Topic(
            name: "信用卡账单", department: "信用卡中心",
            request: "我这个月账单上有一笔###块的消费，想核对一下",
            exchanges: [
                ("请问您卡号的后四位是多少", "####"),
                ("这笔消费是#号在@的一家商户", "我那天没有去过@啊"),
                ("可能是线上的商户，注册地在那里", "哦，那有可能是我买的机票"),
                ("商户名称我念给您听，您回忆一下", "对对对，是那个，想起来了"),
                ("那这笔就不用登记争议了", "不用了，另外问一下年费"),
                ("您今年刷满六次就可以减免年费", "我现在刷了几次"),
                ("目前已经刷了#次", "好的，那我知道了"),
            ],
            summary: "客户核对账单消费，确认为本人交易，并咨询年费。"),
        Topic(
            name: "机票改签", department: "航空客户服务",
            request: "我想把#号去@的机票改到第二天",
            exchanges: [
                ("请问乘机人的姓氏和订单尾号", "姓王，尾号####"),
                ("第二天有上午和晚上两个航班", "上午的几点起飞"),
                ("上午#点四十分，下午到@", "可以，就这个"),
                ("改签需要补差价###元", "差价怎么付"),
                ("我发一个链接到您的手机上", "收到了，我付一下"),
                ("系统显示已经支付成功", "座位能选靠窗的吗"),
                ("可以，为您选了靠窗的位置", "谢谢，挺方便的"),
            ],
            summary: "客户改签机票并补差价，已完成改签和选座。"),
        Topic(
            name: "家电维修", department: "家电售后服务",
            request: "我家空调不制冷了，想约个师傅来看看",
            exchanges: [
                ("请问空调是什么型号，用了多久了", "用了#年了，型号我看看，尾号##"),
                ("外机有没有在转", "在转，就是吹出来的风不凉"),
                ("可能是需要补充冷媒，也可能是滤网堵了", "滤网我上个月刚洗过"),
                ("那安排师傅上门检测一下", "上门要收费吗"),
                ("检测费是##元，维修费另算", "好，周末能来吗"),
                ("周六下午#点可以安排", "可以，地址你们系统里有吧"),
                ("有的，还是@的那个地址，对吗", "对，没有变"),
            ],
            summary: "客户预约空调维修，已安排周末上门。"),
        Topic(
            name: "会员积分", department: "会员服务中心",
            request: "我想问一下我的会员积分什么时候到期",
            exchanges: [
                ("请问您的会员手机号后四位", "####"),
                ("您目前有#千##分，年底到期", "那我能换什么"),
                ("可以换优惠券，也可以换话费", "话费怎么换"),
                ("一千积分可以换十元话费", "那给我换##元的吧"),
                ("好的，已经为您提交兑换", "多久能到账"),
                ("一般两个小时之内到账", "会有短信吗"),
                ("有的，到账会发短信给您", "好的好的"),
            ],
            summary: "客户咨询积分有效期并兑换话费。"),
    ]

    static let cities = ["北京", "杭州", "成都", "武汉", "西安", "广州", "南京", "青岛"]
    static let greetings = [
        "您好，这里是%，工号%为您服务，请问有什么可以帮您？",
        "您好，%，工号%，很高兴为您服务。",
    ]
    static let customerHellos = ["喂", "喂，你好", "你好，是客服吧"]
    static let curtOpenings = ["喂，请讲", "嗯，什么事情", "请说"]
    static let customerFillers = ["嗯", "好的", "对的", "可以", "嗯嗯，然后呢", "行"]
    static let agentFillers = ["好的，请您稍等", "嗯，我理解您的心情", "正在为您查询", "这个情况我帮您记录一下"]
    static let agentClosings = ["请问还有其他需要帮助的吗", "感谢您的来电，祝您生活愉快，再见"]
    static let customerClosings = ["没有了，谢谢", "好，再见"]

    /// Each holds a word of going further.
    static let complaints = [
        "再不给我解决我就要投诉你们了", "我现在就打12315", "我要找媒体曝光你们",
        "我去消费者协会反映你们这个事情", "那我只能向工信部投诉了",
    ]
    static let shouts = ["我都说了三遍了你们到底有没有人听", "每次打电话都是这一套说法", "你别再让我等了，我等了一个星期了"]
    static let shoutsInARow = [
        ["我昨天打过电话你们说今天解决", "今天又说要等到明天", "那我明天打过来你们是不是又说后天"],
        ["我一个下午都在等你们的电话", "一个电话都没有", "你们做事情是这样做的吗"],
    ]
    static let forbidden = [
        "这个我不知道，不归我管", "那是你自己的问题，我也没办法", "我保证百分之百给您退，绝对没有问题", "你爱找谁找谁去",
    ]
    static let answersToForbidden = ["你怎么这么说话呢", "哦，那算了"]
    static let silenceBefore = "请您稍等，我去核实一下"
    static let silenceAfter = "不好意思，让您久等了"

    static let taskErrors = ["语音文件下载失败", "音频格式不支持", "语音转写超时，请稍后重试"]
    static let finishedWithErrors = ["异常", "部分规则执行失败"]
    static let ragErrors = ["非法参数:[无有效知识库]", "知识库检索超时"]
    static let recordErrors = [("404", "录音文件不存在"), ("422", "请求内容有误"), ("500", "服务器内部出错")]
    static let teams = ["一组", "二组", "三组"]
}
