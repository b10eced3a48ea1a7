import Testing

/// The tests that talk to servers, one after another: several of them are about time.
@Suite(.serialized)
enum LoopbackTests {}
