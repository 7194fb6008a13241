package io.embedlake.lexical.words;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of the files of word2vec and fastText: how many words follow, and how many numbers each has. Immutable.
 *
 * @param words how many words the file says it has
 * @param dimension how many numbers a word has
 */
record Header(long words, int dimension) {
    /** The longest vectors that are accepted. */
    static final int LARGEST_DIMENSION = 65_536;

    private static final int LONGEST_LINE = 64;
    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18})");

    /**
     * The header that a file's first line is; empty when the line is a word with its numbers.
     *
     * @throws io.embedlake.spi.EmbedlakeException {@link io.embedlake.spi.ErrorKind#CONFIGURATION} when its numbers cannot be true
     */
    static Optional<Header> read(MappedFile file, byte[] line, int length) {
        Matcher header =
                LINE.matcher(length > LONGEST_LINE ? "" : new String(line, 0, length, StandardCharsets.ISO_8859_1));
        if (!header.matches()) {
            return Optional.empty();
        }
        long words = Long.parseLong(header.group(1));
        long dimension = Long.parseLong(header.group(2));
        if (words < 1) {
            throw file.refuse("line 1 promises " + words + " words");
        }
        if (dimension < 1 || dimension > LARGEST_DIMENSION) {
            throw file.refuse("line 1 promises vectors of " + dimension + " numbers; 1 to " + LARGEST_DIMENSION
                    + " are possible");
        }
        return Optional.of(new Header(words, (int) dimension));
    }

    /** Refuses a file that is too short for the words that its header promises, before anything is read. */
    void requireRoom(MappedFile file, long bytesOfAWord) {
        if (words > file.size() / bytesOfAWord) {
            throw file.refuse("line 1 promises " + words + " words with " + dimension
                    + " numbers each, too many for its " + file.size() + " bytes");
        }
    }
}
