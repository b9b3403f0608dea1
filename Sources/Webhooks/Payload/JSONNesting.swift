/// Which containers are open, one bit each, so that depth costs neither stack nor, up to 64, the heap.
struct JSONNesting: Sendable {
  private(set) var depth = 0
  /// The innermost containers, the last opened in bit 0; a set bit is an object.
  private var innermost: UInt64 = 0
  private var outer: [UInt64] = []

  /// Whether the innermost open container is an object rather than an array.
  var isInObject: Bool { innermost & 1 == 1 }

  mutating func open(object: Bool) {
    if depth & 63 == 0, depth > 0 {
      outer.append(innermost)
      innermost = 0
    }
    innermost = innermost << 1 | (object ? 1 : 0)
    depth += 1
  }

  mutating func close() {
    innermost >>= 1
    depth -= 1
    if depth & 63 == 0, depth > 0 {
      innermost = outer.popLast() ?? 0
    }
  }
}
