/// The settings file that `tocsin init` writes: it passes `check` once the secrets it names exist.
enum SettingsTemplate {
    static let text = """
        # Tocsin 的设置 / settings of Tocsin. 改完运行 / after a change run: tocsin check
        # 时长 / durations: 500ms 30s 5m 2h 7d
        # 机密 / secrets: "${env:NAME}" 取环境变量, "${file:PATH}" 取文件内容 (末尾换行去掉)

        language: zh                # 消息的语言 / of messages: zh, en
        store: sqlite:tocsin.db     # 相对路径从本文件所在目录算起 / relative to this file
        rules: rules/               # 文件、目录或列表 / a file, a folder or a list
        keep: { results: 30d, alerts: 120d }

        sources:
          # 名字自取，任务登记时用到 / the name that tasks carry
          calls:
            type: aliyun-ccai       # ContactCenterAI GetTaskResult
            endpoint: https://contactcenterai.cn-shanghai.aliyuncs.com
            # default: 环境变量 ALIBABA_CLOUD_ACCESS_KEY_ID / _SECRET, ~/.aliyun/config.json, credentials.ini
            credentials: default
            rate: { qps: 10, qpm: 300 }
            poll: { first: 30s, every: 30s, deadline: 48h }
            # 角色名 → 谁在说话；未列出的算 other / who speaks, by role name
            roles: { agent: [客服, 坐席], customer: [客户] }
          # records:
          #   type: aliyun-qualitycheck   # Qualitycheck GetAudioDataStatus
          #   endpoint: https://qualitycheck.cn-hangzhou.aliyuncs.com
          #   app-key: "1933000000000000"
          #   agent-channel: 0            # 坐席所在声道 / the agent's channelId

        channels:
          # 每种通道的每个键、含义、默认值 / every key of every kind: tocsin channels keys [TYPE]
          # 先留一个本机接收端，便于试运行 / a receiver on this host to try with
          hook: { type: webhook, url: "http://127.0.0.1:9000/tocsin" }
          # qa-room:
          #   type: dingtalk
          #   url: "${env:QA_ROOM_URL}"
          #   secret: "${env:QA_ROOM_SECRET}"
          #   keyword: 质检
          #   fallback: mail              # 出故障时告诉谁 / who is told of its trouble
          #   rate: { per-minute: 10 }    # 各通道都有 / of every channel: rate retry enabled fallback network
          # mail:
          #   type: email
          #   server: smtps://smtp.example.com:465   # 或 / or smtp://host:587 (STARTTLS)
          #   username: tocsin@example.com
          #   password: "${file:/run/secrets/smtp}"
          #   from: "Tocsin <tocsin@example.com>"
          #   to: [qa@example.com]

        # 通道只许发往公网；内网网段须在此放行 / webhook channels reach public addresses only, but for these
        # 还有 / also: proxy no-proxy ca-file system-ca client-certificate client-key …
        network: { allow-private: [127.0.0.0/8] }

        # 自上而下，先匹配者胜；continue: true 则继续 / the first match wins
        routes:
          - severity: high
            notify: [hook]
            group: { by: [rule], wait: 30s, every: 5m }
          - notify: [hook]
        """ + "\n"
}
