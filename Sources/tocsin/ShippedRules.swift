/// The rule files that come with the program: the repository's `rules/`, carried inside.
enum ShippedRules {
    static let files: [(name: String, text: String)] = [
        ("emotion.yaml", PackageResources.emotion_yaml),
        ("knowledge.yaml", PackageResources.knowledge_yaml),
        ("task-health.yaml", PackageResources.task_health_yaml),
        ("words.yaml", PackageResources.words_yaml),
    ].map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
}
