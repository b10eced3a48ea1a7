/// Finds the name that was probably meant.
enum Suggestion {
    /// The longest name that is compared, in code points.
    static let lengthLimit = 60

    /// The nearest of some names, when it is near enough: at most a third of its letters differ.
    static func nearest(to name: String, among known: [String]) -> String? {
        let wanted = Array(name.unicodeScalars.prefix(lengthLimit + 1))
        guard wanted.count <= lengthLimit else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in known where candidate != name && !candidate.hasPrefix("@") {
            let scalars = Array(candidate.unicodeScalars)
            let limit = max(1, max(wanted.count, scalars.count) / 3)
            guard scalars.count <= lengthLimit, abs(scalars.count - wanted.count) <= limit else {
                continue
            }
            let sameLetters = candidate.lowercased() == name.lowercased()
            let distance = sameLetters ? 0 : editDistance(wanted, scalars)
            if distance <= limit, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// The least number of letters to change, insert, remove, or swap with the next.
    static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let isSame = left[row - 1] == right[column - 1]
                var cost = min(
                    previous[column] + 1, current[column - 1] + 1,
                    previous[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2],
                    left[row - 2] == right[column - 1]
                {
                    cost = min(cost, before[column - 2] + 1)
                }
                current.append(cost)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
