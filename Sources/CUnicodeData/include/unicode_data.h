#pragma once

/// What ICU finds its data by, without any data; see unicode_data.c.
struct unicode_data;
