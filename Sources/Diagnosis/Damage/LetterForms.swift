internal import JSON

/// Letters with marks, in one character or taken apart, as Unicode's normal forms C and D have them.
///
/// A table of the letters that living languages write in Latin, Greek, Cyrillic and Japanese script, and Korean by its
/// rule: the standard library shows no normal forms, and all of Unicode would take Foundation.
enum LetterForms {
  /// The text with each letter and its marks as one character; the body itself where that changes nothing.
  static func composed(_ body: [UInt8]) -> [UInt8] {
    var last: Unicode.Scalar?
    return rewritten(body) { scalar, output in
      guard let scalar else { return append(last, to: &output) }
      if isMark(scalar), let before = last,
        let whole = pairs[Pair(letter: before, mark: scalar)] ?? syllable(before, scalar)
      {
        last = whole
      } else {
        append(last, to: &output)
        last = scalar
      }
    }
  }

  /// The text with each letter in front of its marks; the body itself where that changes nothing.
  static func decomposed(_ body: [UInt8]) -> [UInt8] {
    rewritten(body) { scalar, output in
      if let scalar { appendParts(of: scalar, to: &output) }
    }
  }

  /// Hands each character to `write`, and nil at the end.
  private static func rewritten(
    _ body: [UInt8], _ write: (Unicode.Scalar?, inout [UInt8]) -> Void
  ) -> [UInt8] {
    guard body.contains(where: { $0 >= 0x80 }), let text = try? UTF8Span(validating: body.span) else {
      return body
    }
    var output: [UInt8] = []
    output.reserveCapacity(body.count)
    var scalars = text.makeUnicodeScalarIterator()
    while let scalar = scalars.next() { write(scalar, &output) }
    write(nil, &output)
    return output
  }

  /// Each letter of the text that has marks, as the text has it in the other form: in front of its marks, or one with
  /// them.
  static func letters(of body: [UInt8], composed isComposed: Bool) -> [Replacement] {
    var changes: [Replacement] = []
    var start = 0
    func end(at end: Int) {
      defer { start = end }
      // No letter of ASCII is made of others.
      guard end - start > 1 else { return }
      let letter = Array(body[start..<end])
      let other = isComposed ? decomposed(letter) : composed(letter)
      if other != letter { changes.append(Replacement(range: start..<end, texts: [other])) }
    }
    var at = 0
    while at < body.count {
      guard let (scalar, size) = UTF8.scalar(at: at, before: body.count, { body[$0] }) else { return [] }
      if !isMark(scalar) { end(at: at) }
      at += size
    }
    end(at: at)
    return changes
  }

  /// Whether it may be part of the letter before it.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300..<0x370, vowels..<vowels + 21, tails..<tails + 28, 0x3099...0x309A: true
    default: false
    }
  }

  private static func append(_ scalar: Unicode.Scalar?, to output: inout [UInt8]) {
    if let bytes = scalar.flatMap({ UTF8.encode($0) }) { output += bytes }
  }

  private static func appendParts(of scalar: Unicode.Scalar, to output: inout [UInt8]) {
    if scalar.isASCII { return append(scalar, to: &output) }
    guard let pair = parts[scalar] else {
      return jamos(of: scalar).forEach { append($0, to: &output) }
    }
    // A letter may have several marks.
    appendParts(of: pair.letter, to: &output)
    append(pair.mark, to: &output)
  }

  private struct Pair: Hashable {
    let letter: Unicode.Scalar
    let mark: Unicode.Scalar
  }

  private static let pairs: [Pair: Unicode.Scalar] = table.reduce(into: [:]) { pairs, row in
    let scalars = Array(row.letters.unicodeScalars)
    for place in stride(from: 0, to: scalars.count - 1, by: 2) {
      pairs[Pair(letter: scalars[place], mark: row.mark)] = scalars[place + 1]
    }
  }

  private static let parts: [Unicode.Scalar: Pair] = pairs.reduce(into: [:]) { $0[$1.value] = $1.key }

  /// For each mark the letters without it, each followed by the same with it.
  private static let table: [(mark: Unicode.Scalar, letters: String)] = [
    ("\u{300}", "AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹЕЀИЍеѐиѝĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"),
    (
      "\u{301}",
      "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿ¨΅ΑΆΕΈΗΉΙΊΟΌΥΎΩΏ"
        + "ϊΐαάεέηήιίϋΰοόυύωώϒϓГЃКЌгѓкќÇḈçḉĒḖēḗÏḮïḯKḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôố" + "ƠỚơớƯỨưứ"
    ),
    ("\u{302}", "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"),
    ("\u{303}", "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"),
    ("\u{304}", "AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳGḠgḡḶḸḷḹṚṜṛṝ"),
    ("\u{306}", "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭУЎИЙийуўȨḜȩḝẠẶạặ"),
    (
      "\u{307}",
      "CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆwẇXẊ" + "xẋYẎyẏſẛ"
    ),
    ("\u{308}", "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸΙΪΥΫιϊυϋϒϔЕЁІЇеёіїHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"),
    ("\u{309}", "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"),
    ("\u{30A}", "AÅaåUŮuůwẘyẙ"),
    ("\u{30B}", "OŐoőUŰuű"),
    ("\u{30C}", "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"),
    ("\u{30F}", "AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕ"),
    ("\u{311}", "AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"),
    ("\u{31B}", "OƠoơUƯuư"),
    ("\u{323}", "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"),
    ("\u{324}", "UṲuṳ"),
    ("\u{325}", "AḀaḁ"),
    ("\u{326}", "SȘsșTȚtț"),
    ("\u{327}", "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"),
    ("\u{328}", "AĄaąEĘeęIĮiįUŲuųOǪoǫ"),
    ("\u{32D}", "DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"),
    ("\u{32E}", "HḪhḫ"),
    ("\u{330}", "EḚeḛIḬiḭUṴuṵ"),
    ("\u{331}", "BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"),
    (
      "\u{3099}",
      "かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔゝゞカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボ" + "ウヴワヷヰヸヱヹヲヺヽヾ"
    ),
    ("\u{309A}", "はぱひぴふぷへぺほぽハパヒピフプヘペホポ"),
  ]
}

// Korean syllables, which are composed of two or three parts by arithmetic.
extension LetterForms {
  private static let (firstSyllable, leads, vowels, tails): (UInt32, UInt32, UInt32, UInt32) = (
    0xAC00, 0x1100, 0x1161, 0x11A7
  )

  /// The syllable of two parts; nil if they are none.
  private static func syllable(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Unicode.Scalar? {
    let (left, right) = (left.value, right.value)
    if leads..<leads + 19 ~= left, vowels..<vowels + 21 ~= right {
      return Unicode.Scalar(firstSyllable + ((left - leads) * 21 + right - vowels) * 28)
    }
    let isOpen = firstSyllable..<firstSyllable + 11172 ~= left && (left - firstSyllable) % 28 == 0
    return isOpen && tails + 1..<tails + 28 ~= right ? Unicode.Scalar(left + right - tails) : nil
  }

  /// The parts of a syllable; any other character as it is.
  private static func jamos(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    guard firstSyllable..<firstSyllable + 11172 ~= scalar.value else { return [scalar] }
    let place = scalar.value - firstSyllable
    let codes = [leads + place / 588, vowels + place % 588 / 28, tails + place % 28]
    return codes.prefix(place % 28 == 0 ? 2 : 3).compactMap { Unicode.Scalar($0) }
  }
}
