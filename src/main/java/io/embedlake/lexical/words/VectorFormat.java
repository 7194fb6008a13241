package io.embedlake.lexical.words;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Optional;

/**
 * How words and numbers stand in a file. Detected from the content, because names are ambiguous: {@code .txt} may be GloVe's or word2vec's,
 * {@code .bin} word2vec's or a model of fastText. Immutable and thread-safe.
 */
sealed interface VectorFormat permits TextFormat, BinaryFormat {
    /** How many bytes after the first line are looked at. */
    int SAMPLE_BYTES = 1 << 16;

    /** How many numbers a word has. */
    int dimension();

    /** Reads the whole file, checks every number and says where each word is. */
    WordIndex index(MappedFile file);

    /**
     * Decodes the numbers of a word, {@code [dimension]}.
     *
     * @return how many were decoded before one that is malformed or not finite; {@code dimension} when all are sound
     */
    int decode(byte[] bytes, int from, int to, float[] into);

    /**
     * The format of a file.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the format is not supported
     */
    static VectorFormat of(MappedFile file) {
        if (file.size() == 0) {
            throw file.refuse("it is empty");
        }
        refuseArchive(file);
        Scan scan = new Scan(file);
        scan.nextLine();
        Optional<Header> header = Header.read(file, scan.line(), scan.lineLength());
        boolean text = isText(file, header.isPresent() ? scan.position() : 0);
        if (header.isPresent()) {
            return text ? TextFormat.of(file, header.get()) : BinaryFormat.of(file, header.get());
        }
        if (!text) {
            throw file.refuse("it is neither text of GloVe, word2vec or fastText nor word2vec's binary format");
        }
        return TextFormat.of(file, scan);
    }

    /**
     * Whether three in ten of the bytes from here on may stand in a decimal number or between two. Of a file of numbers nearly all do, of
     * prose one in five, and of the bytes of floats one in sixteen; a single byte proves nothing, since words may hold any character.
     */
    private static boolean isText(MappedFile file, long from) {
        byte[] sample = new byte[(int) Math.min(SAMPLE_BYTES, file.size() - from)];
        file.read(from, sample, sample.length);
        int fitting = 0;
        for (byte character : sample) {
            if (character >= '0' && character <= '9' || "+-. \r\n".indexOf(character) >= 0) {
                fitting++;
            }
        }
        return 10 * fitting >= 3 * sample.length;
    }

    private static void refuseArchive(MappedFile file) {
        byte[] start = new byte[(int) Math.min(4, file.size())];
        file.read(0, start, start.length);
        boolean gzip = start.length > 1 && start[0] == 0x1F && start[1] == (byte) 0x8B;
        boolean zip = start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
        if (gzip || zip) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot read the word vectors " + file + " (it is packed with " + (gzip ? "gzip" : "zip")
                            + ", and only plain files can be mapped). Unpack it, and name the unpacked file in the key model.");
        }
    }
}
