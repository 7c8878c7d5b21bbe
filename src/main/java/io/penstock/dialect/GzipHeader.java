package io.penstock.dialect;

/** Reads over the header of a gzip member (RFC 1952 §2.3), byte by byte, and keeps nothing of it. */
final class GzipHeader {
    private static final int FIXED_PART = 10;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private int position;
    private int flags;
    /** The parts that are still to come, as flags. */
    private int partsLeft;

    private int extraPosition;
    private int extraLength;
    private int checksumPosition;

    /** How far the header has come. */
    enum Progress {
        MORE,
        DONE,
        NOT_GZIP
    }

    Progress accept(byte next) {
        int b = next & 0xFF;
        if (position < FIXED_PART) {
            return fixedPart(b);
        }
        if ((partsLeft & EXTRA) != 0) {
            extra(b);
        } else if ((partsLeft & NAME) != 0) {
            endAtZero(b, NAME);
        } else if ((partsLeft & COMMENT) != 0) {
            endAtZero(b, COMMENT);
        } else if (++checksumPosition == 2) {
            partsLeft &= ~HEADER_CHECKSUM;
        }
        return progress();
    }

    private Progress fixedPart(int b) {
        boolean wrong =
                switch (position) {
                    case 0 -> b != 0x1F;
                    case 1 -> b != 0x8B;
                    case 2 -> b != 8;
                    case 3 -> (b & RESERVED) != 0;
                    default -> false;
                };
        if (position == 3) {
            flags = b;
        }
        position++;
        partsLeft = flags & (EXTRA | NAME | COMMENT | HEADER_CHECKSUM);
        return wrong ? Progress.NOT_GZIP : progress();
    }

    private void extra(int b) {
        if (extraPosition < 2) {
            extraLength |= b << (8 * extraPosition);
        }
        extraPosition++;
        if (extraPosition >= 2 && extraPosition == extraLength + 2) {
            partsLeft &= ~EXTRA;
        }
    }

    private void endAtZero(int b, int part) {
        if (b == 0) {
            partsLeft &= ~part;
        }
    }

    private Progress progress() {
        return position == FIXED_PART && partsLeft == 0 ? Progress.DONE : Progress.MORE;
    }
}
