/// The rule files that come with the program: the repository's `rules/`, carried inside.
enum ShippedRules {
    static let files: [(name: String, text: String)] = [
        ("aliyun-operators.yaml", PackageResources.aliyun_operators_yaml),
        ("customer-risk.yaml", PackageResources.customer_risk_yaml),
        ("data-trust.yaml", PackageResources.data_trust_yaml),
        ("emotion.yaml", PackageResources.emotion_yaml),
        ("forbidden.yaml", PackageResources.forbidden_yaml),
        ("knowledge.yaml", PackageResources.knowledge_yaml),
        ("opening-closing.yaml", PackageResources.opening_closing_yaml),
        ("pace.yaml", PackageResources.pace_yaml),
        ("task-health.yaml", PackageResources.task_health_yaml),
    ].map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
}
