package io.embedlake.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The orientation of an image, of what EXIF and XMP say of it. */
final class Exif {
    /** The orientation of an image that says nothing, or nothing readable. */
    static final int UPRIGHT = 1;

    private static final int ORIENTATION = 274;
    private static final int IFD_ENTRY = 12;
    private static final Pattern IN_XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private Exif() {}

    /** Of a block of EXIF, with or without the letters Exif in front. */
    static int orientation(byte[] file, int from, int length) {
        int start = ImageFile.startsWith(file, from, 'E', 'x', 'i', 'f', 0, 0) ? 6 : 0;
        if (length <= start) {
            return UPRIGHT;
        }
        ByteBuffer tiff = ByteBuffer.wrap(file, from + start, length - start).slice();
        try {
            tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int entries = tiff.getInt(4);
            int count = tiff.getShort(entries) & 0xffff;
            for (int i = 0; i < count; i++) {
                int entry = entries + 2 + i * IFD_ENTRY;
                if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
                    return tiff.getShort(entry + 8);
                }
            }
        } catch (IndexOutOfBoundsException e) {
            return UPRIGHT;
        }
        return UPRIGHT;
    }

    /** Of a block of XMP. */
    static int ofXmp(byte[] file, int from, int length) {
        Matcher found = IN_XMP.matcher(new String(file, from, length, StandardCharsets.ISO_8859_1));
        return found.find() ? Integer.parseInt(found.group(1)) : UPRIGHT;
    }
}
