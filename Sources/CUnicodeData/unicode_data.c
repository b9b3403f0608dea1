#include <stdint.h>

// Yams brings Foundation, and that ICU with 34 MB about the languages of the world, of which hooktop uses nothing: it
// reads YAML, whose patterns are ASCII. This takes the place of that data where all is linked into one program. It is a
// table of contents without entries, as ICU's own stubdata.cpp, so that whoever asks for something is told that it is
// not there. It is hidden, so that a Foundation which is loaded at run time keeps its own; and where ICU has another
// version, nothing asks for this name, and the program is only larger.
__attribute__((visibility("hidden"), aligned(16))) const struct {
  uint16_t header_size;
  uint8_t magic[2];
  uint16_t info_size, reserved;
  uint8_t is_big_endian, charset, char_size, reserved_too;
  uint8_t format[4], format_version[4], data_version[4];
  uint8_t padding[8];
  uint32_t count, rest[3];
} icudt76_dat = {
    .header_size = 32, .magic = {0xda, 0x27}, .info_size = 20, .char_size = 2,
    .format = {'T', 'o', 'C', 'P'}, .format_version = {1},
};
