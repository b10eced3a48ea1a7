/// The words of a contact centre, from which conversations and rules are made.
enum Vocabulary {
    static let things = words(
        """
        套餐 宽带 账单 发票 合同 订单 快递 积分 会员 优惠券 流量 话费 押金 保证金 违约金 手续费 \
        利息 贷款 保单 理赔 机顶盒 路由器 手机卡 充电器 耳机 冰箱 空调 洗衣机 热水器 净水器 沙发 \
        床垫 衣柜 门票 机票 酒店 行李 座位 课程 教材 直播课 学费 定金 尾款 运费 包裹 安装费 维修费 \
        上门费 服务费 滞纳金 信用卡 储蓄卡 验证码 密码 账号 头像 地址 收货人 电子券
        """)
    static let brands = words(
        """
        星河 云帆 畅享 尊享 极速 全家 青春 金卡 白金 黑金 银杏 海棠 听雨 望江 晨光 远山 蓝鲸 飞鸟 \
        赤兔 乐活 安心 如意 吉祥 长青 新禧 小熊 大象 红杉 白桦 橙子 青柠 芒果 木棉 紫荆 凌霄 玉兰 \
        松涛 竹韵 梅香 兰亭
        """)
    static let acts = words(
        """
        取消 办理 退订 升级 变更 恢复 激活 补办 冻结 解冻 续费 转让 过户 核实 查询 登记 预约 改签 \
        退换 维修 更换 拆机 移机 开通 关闭 绑定 解绑 重置 寄送 补发 催促 上报 申请 撤销 结清 分期 \
        减免 抵扣 转接 回访
        """)
    static let troubles = words(
        """
        一直没人处理 没有收到 多扣了钱 连不上网 打不开 说法不一样 没有人回电话 又坏了 少了配件 \
        发错了颜色 提前涨价了 没通知我 不给退 拖了半个月 找不到人 总是断线 系统报错 显示异常 \
        被停机了 被锁定了 漏水了 噪音很大 有划痕 过期了 送到别人家了 送错地址了 被拒收了 不能用 \
        登不上去 扣了两次 没有到账 查不到记录 无法识别 少了一件 包装破了 信号很差 速度很慢 \
        无法兑换 不承认 互相推诿
        """)
    static let feelings = words(
        """
        太气人了 真的很失望 我快疯了 受不了了 太不负责了 骗人的吧 你们管不管 没完没了 浪费时间 \
        再也不用了 太敷衍了 态度太差 到底谁负责 还讲不讲理 忍很久了 听不下去了 谁信啊 太坑人了 \
        耍我呢 气得睡不着
        """)
    static let threats = words(
        """
        投诉 举报 曝光 媒体 消协 起诉 律师 法院 差评 骗子 退款 赔偿 工信部 监管局 12315 12345 报警 \
        发到网上 找记者 找你们领导 主管 经理 总部 合同欺诈 虚假宣传 霸王条款 隐私泄露 乱扣费 \
        强制消费 拉黑你们
        """)
    static let courtesies = words(
        """
        您好很高兴为您服务 请您稍等 非常抱歉给您带来不便 感谢您的耐心等待 请问还有什么可以帮您 \
        祝您生活愉快 请您不要着急 我理解您的心情 这边马上为您核实 感谢您的来电 麻烦您提供一下 \
        请问怎么称呼您 给您添麻烦了 请您放心 我来帮您处理 稍后给您评价 工号为您服务 请您保持电话畅通 \
        我已经记录下来了 会有专员联系您
        """)

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }
}

extension SeededGenerator {
    /// A product's name.
    mutating func product() -> String {
        pickFrequent(Vocabulary.brands) + pickFrequent(Vocabulary.things)
    }

    /// Digits, the first not 0.
    mutating func digits(_ count: Int) -> String {
        (0..<count).map { String(number(($0 == 0 ? 1 : 0)...9)) }.joined()
    }

    /// A number as people say it to an agent.
    mutating func figure() -> String {
        switch number(0...5) {
        case 0: "1\(number(3...9))\(digits(9))"
        case 1: "20\(number(24...26))年\(number(1...12))月\(number(1...28))号"
        case 2: "\(number(2...900))块钱"
        case 3: "\(number(2...30))天"
        case 4: "订单号\(digits(8))"
        default: "第\(pick(["一", "二", "三", "四", "五"]))次"
        }
    }
}
