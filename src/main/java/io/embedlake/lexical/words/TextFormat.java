package io.embedlake.lexical.words;

import java.util.Optional;

/**
 * A line a word: the word, and after each ASCII space a decimal number. GloVe's files have nothing else (Pennington et al., 2014);
 * those of word2vec and fastText begin with a {@linkplain Header header}. Immutable and thread-safe.
 *
 * <p>The last fields of a line are the numbers, and all before them is the word: published words have spaces in them, as
 * {@code . . .} in GloVe's 840B, and spaces other than ASCII's.
 *
 * @param dimension how many numbers a word has
 * @param header the first line, where it is no word
 */
record TextFormat(int dimension, Optional<Header> header) implements VectorFormat {
    /** A space and a digit. */
    private static final long SHORTEST_NUMBER = 2;

    /** How many words at the top are checked not to end in a number: then the first line has one too few, and every word would take one. */
    private static final int CHECKED_WORDS = 2;

    static TextFormat of(MappedFile file, Header header) {
        header.requireRoom(file, SHORTEST_NUMBER * header.dimension());
        return new TextFormat(header.dimension(), Optional.of(header));
    }

    /** A file without a header, whose first line says how many numbers there are. */
    static TextFormat of(MappedFile file, Scan firstLine) {
        int spaces = 0;
        for (int i = 0; i < firstLine.lineLength(); i++) {
            if (firstLine.line()[i] == ' ') {
                spaces++;
            }
        }
        if (spaces < 1 || spaces > Header.LARGEST_DIMENSION) {
            throw file.refuse("line 1 has " + spaces + " numbers; 1 to " + Header.LARGEST_DIMENSION + " are possible");
        }
        return new TextFormat(spaces, Optional.empty());
    }

    @Override
    public WordIndex index(MappedFile file) {
        WordIndex index = new WordIndex(file);
        Scan scan = new Scan(file);
        header.ifPresent(line -> scan.nextLine());
        float[] numbers = new float[dimension];
        long words = 0;
        while (scan.nextLine()) {
            if (scan.lineLength() > 0) {
                words++;
                requirePromised(file, words, scan);
                add(file, scan, numbers, words <= CHECKED_WORDS, index);
            }
        }
        long found = words;
        header.filter(line -> line.words() != found).ifPresent(line -> {
            throw file.refuse("line 1 promises " + line.words() + " words, and the file ends after " + found);
        });
        return index;
    }

    private void requirePromised(MappedFile file, long words, Scan scan) {
        if (header.isPresent() && words > header.get().words()) {
            throw file.refuse("line 1 promises " + header.get().words() + " words, and line " + scan.lineNumber()
                    + " is one more");
        }
    }

    private void add(MappedFile file, Scan scan, float[] numbers, boolean check, WordIndex index) {
        int wordLength = wordLength(file, scan);
        if (check && endsInNumber(scan.line(), wordLength)) {
            throw file.refuse("line " + scan.lineNumber() + " has more than " + dimension + " numbers");
        }
        int sound = decode(scan.line(), wordLength + 1, scan.lineLength(), numbers);
        if (sound < dimension) {
            throw file.refuse("line " + scan.lineNumber() + ": the number " + (sound + 1) + " of " + dimension
                    + " is no finite decimal number");
        }
        if (wordLength > WordIndex.LONGEST_WORD) {
            throw file.refuse(
                    "line " + scan.lineNumber() + ": the word has more than " + WordIndex.LONGEST_WORD + " bytes");
        }
        index.add(scan.lineStart(), scan.line(), wordLength, scan.lineLength() - wordLength - 1);
    }

    /** Where the last numbers of the line begin, less the space before them. */
    private int wordLength(MappedFile file, Scan scan) {
        int spaces = 0;
        for (int i = scan.lineLength() - 1; i >= 0; i--) {
            if (scan.line()[i] == ' ' && ++spaces == dimension) {
                return i;
            }
        }
        throw file.refuse("line " + scan.lineNumber() + " has " + spaces + " numbers instead of " + dimension);
    }

    private static boolean endsInNumber(byte[] line, int wordLength) {
        int field = wordLength;
        while (field > 0 && line[field - 1] != ' ') {
            field--;
        }
        return field > 0 && Float.isFinite(DecimalFloat.parse(line, field, wordLength));
    }

    @Override
    public int decode(byte[] bytes, int from, int to, float[] into) {
        int start = from;
        for (int i = 0; i < into.length; i++) {
            int end = start;
            while (end < to && bytes[end] != ' ') {
                end++;
            }
            into[i] = DecimalFloat.parse(bytes, start, end);
            if (!Float.isFinite(into[i])) {
                return i;
            }
            start = end + 1;
        }
        return into.length;
    }
}
