/// Something that lies over the panes and gets the keys first.
enum Overlay: Sendable {
  case help(Viewport)
  case incidents(Viewport)
  case types(TypePicker)
  case prompt(Prompt)
  case palette(Palette)
  case tryIt(TryIt)
  case bytes(ByteView)
  case secrets(SecretsPanel)
}
