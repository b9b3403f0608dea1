/// A prepared list of paths into JSON objects, looked up together in one pass over a body.
///
/// Made once and run for every delivery: the pass validates the whole body and allocates nothing but its
/// results, whatever the size, up to a depth of 64. Where a key stands twice the last one wins, as in
/// JavaScript's `JSON.parse`, and it replaces all that was found below the first.
public struct JSONFieldQuery: Sendable {
  private let tree: JSONFieldTree
  private let pathCount: Int

  /// A query for `paths`, each a list of keys from the outermost object inwards.
  public init(_ paths: [[String]]) {
    tree = JSONFieldTree(paths)
    pathCount = paths.count
  }

  /// Reads `body` once and gives the values at the paths; never throws and never traps.
  public func fields(in body: [UInt8]) -> JSONFields {
    var fields = JSONFields(values: Array(repeating: nil, count: pathCount), fault: nil)
    do throws(JSONFault) {
      try collect(from: body.span, into: &fields.values)
    } catch {
      fields.values = Array(repeating: nil, count: pathCount)
      fields.fault = error
    }
    return fields
  }

  private func collect(
    from bytes: Span<UInt8>, into values: inout [JSONFieldValue?]
  ) throws(JSONFault) {
    var lexer = JSONLexer(maximumDepth: .max)
    // Keys count only where the object they stand in is on a path: at `depth`, the place's own.
    var place = JSONFieldTree.nowhere
    var depth = JSONFieldTree.nowhere
    // The node that the next value belongs to; the first value is the body itself.
    var field = JSONFieldTree.root
    while let token = try lexer.step(in: bytes, separators: false) {
      if token.kind == .key {
        guard lexer.depth == depth else { continue }
        field = tree.child(of: place, matching: token, in: bytes)
      } else if field != JSONFieldTree.nowhere {
        store(token, at: field, in: bytes, into: &values)
        if token.kind == .beginObject {
          place = field
          depth = tree.nodes[field].depth
        }
        field = JSONFieldTree.nowhere
      } else if token.kind == .endObject, lexer.depth == depth - 1 {
        place = tree.nodes[place].parent
        depth -= 1
      }
    }
  }

  /// Stores the value at `field`, and drops what an earlier one with the same keys held.
  private func store(
    _ token: JSONToken, at field: Int, in bytes: Span<UInt8>, into values: inout [JSONFieldValue?]
  ) {
    let node = tree.nodes[field]
    for place in node.own { values[tree.order[place]] = value(of: token, in: bytes) }
    for place in node.below { values[tree.order[place]] = nil }
  }

  private func value(of token: JSONToken, in bytes: Span<UInt8>) -> JSONFieldValue {
    switch token.kind {
    case .string: .string(token.text(in: bytes))
    case .number: .number(token.text(in: bytes))
    case .true: .bool(true)
    case .false: .bool(false)
    default: .other
    }
  }
}
