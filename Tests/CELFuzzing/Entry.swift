// What the fuzzer calls. Only `run.sh` compiles this file.

/// Runs one input; what does not hold ends the process, so that the fuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    if let complaint = FuzzCase.complaint(about: input) {
        fatalError("does not hold: \(complaint)")
    }
    return 0
}
