package io.embedlake.local;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.EncodedInput;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.Spans;
import io.embedlake.spi.TokenCounter;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Hugging Face tokenizer with its own length limit; padding and truncation of its file are ignored. Thread-safe.
 *
 * <p>Only as much of a long text is tokenised as can matter: a prefix is taken, and made longer until the last token that is kept ends well
 * before the cut, so that ten million characters cost about as much as ten thousand.
 */
final class TransformerTokenizer implements TokenCounter {
    private static final int PREFIX_CHARACTERS_PER_TOKEN = 16;
    private static final int SAFE_DISTANCE = 1024;
    private static final int GROWTH = 4;
    private static final int LEAST_ROOM = 4;

    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;
    private final Prompt prompt;
    private final LongText longText;
    private final Optional<TokenSpans.Unit> parts;
    private final Optional<Chunks> chunks;
    private final Optional<SpecialTokens> keptEnd;
    private final int promptTokens;

    /** @param keptEnd the special tokens around texts whose ends are kept; nothing when their beginnings are */
    private TransformerTokenizer(
            HuggingFaceTokenizer tokenizer,
            int maxTokens,
            Prompt prompt,
            LongText longText,
            Optional<TokenSpans.Unit> parts,
            Optional<Chunks> chunks,
            Optional<SpecialTokens> keptEnd) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
        this.prompt = prompt;
        this.longText = longText;
        this.parts = parts;
        this.chunks = chunks;
        this.keptEnd = keptEnd;
        this.promptTokens = prompt.prefix().isEmpty() ? 0 : length(tokenizer.encode(prompt.before("")));
    }

    /** How many tokens a prompt has in front of a text: the special one at its end belongs to the text. */
    private static int length(Encoding prompt) {
        int tokens = prompt.getIds().length;
        boolean endsSpecially = tokens > 0 && prompt.getSpecialTokenMask()[tokens - 1] == 1;
        return endsSpecially ? tokens - 1 : tokens;
    }

    /**
     * Reads a tokenizer; the caller closes it.
     *
     * @param parts what of a text has its own vector; empty when the text has one
     */
    static TransformerTokenizer read(
            String label,
            TokenizerFile file,
            int maxTokens,
            Prompt prompt,
            LongText longText,
            Optional<TokenSpans.Unit> parts) {
        DjlRuntime.keepSilent();
        try {
            HuggingFaceTokenizer tokenizer = open(
                    file,
                    file.truncatesLeft()
                            ? Map.of("truncation", "false")
                            : Map.of("truncation", "true", "maxLength", String.valueOf(maxTokens)));
            Optional<Chunks> chunks = longText.rule().splits()
                    ? Optional.of(new Chunks(open(file, Map.of("truncation", "false")), maxTokens, longText.overlap()))
                    : Optional.empty();
            Optional<SpecialTokens> keptEnd =
                    file.truncatesLeft() ? Optional.of(SpecialTokens.of(tokenizer)) : Optional.empty();
            return new TransformerTokenizer(tokenizer, maxTokens, prompt, longText, parts, chunks, keptEnd)
                    .requireRoom(label);
        } catch (EmbedlakeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw TokenizerFile.unusable(label, file.path(), e);
        }
    }

    /** A prompt that fills the model up would make all vectors alike. */
    private TransformerTokenizer requireRoom(String label) {
        if (promptTokens + LEAST_ROOM > maxTokens) {
            close();
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot use the model " + label + " with this prompt: it takes " + promptTokens + " of the "
                            + maxTokens
                            + " tokens that the model reads (at least " + LEAST_ROOM
                            + " have to be left for the text). Shorten the prompt, or set max-tokens higher.");
        }
        return this;
    }

    /** The truncation and padding of the file. */
    private static HuggingFaceTokenizer open(TokenizerFile file, Map<String, String> length) throws IOException {
        Map<String, String> options = new HashMap<>(length);
        options.put("addSpecialTokens", "true");
        options.put("padding", "false");
        try (InputStream json = file.open()) {
            return HuggingFaceTokenizer.newInstance(json, options);
        }
    }

    @Override
    public EncodedInput encode(Input input) {
        String own = input.text();
        String text = prompt.before(own);
        int promptCharacters = text.length() - own.length();
        TokenIds tokens =
                keptEnd.isPresent() ? endOf(text, promptCharacters, keptEnd.get()) : truncated(text, promptCharacters);
        if (!tokens.truncated()) {
            return longText.rule() == LongText.Rule.SPLIT_ROWS ? onePiece(tokens, own) : tokens;
        }
        return switch (longText.rule()) {
            case TRUNCATE -> tokens;
            case ERROR ->
                throw new EmbedlakeException(
                        ErrorKind.INVALID_INPUT,
                        "the text has more than the " + maxTokens
                                + " tokens that the model reads (long-text is error)");
            case SPLIT_MEAN, SPLIT_ROWS -> split(text, promptCharacters);
        };
    }

    private static SplitText onePiece(TokenIds tokens, String own) {
        int[] end = {own.codePointCount(0, own.length())};
        return new SplitText(List.of(tokens), Optional.of(new Spans(new int[] {0}, end)));
    }

    private SplitText split(String text, int promptCharacters) {
        List<Chunks.Chunk> split = chunks.orElseThrow().split(text, promptTokens, start());
        int prompt = text.codePointCount(0, promptCharacters);
        return new SplitText(
                split.stream().map(Chunks.Chunk::tokens).toList(),
                longText.rule() == LongText.Rule.SPLIT_ROWS
                        ? Optional.of(new Spans(
                                split.stream()
                                        .mapToInt(chunk -> Math.max(0, chunk.start() - prompt))
                                        .toArray(),
                                split.stream()
                                        .mapToInt(chunk -> chunk.end() - prompt)
                                        .toArray()))
                        : Optional.empty());
    }

    /** The last tokens of a text, as many as the model reads; of a long text only the end is tokenised. */
    private TokenIds endOf(String text, int promptCharacters, SpecialTokens special) {
        int length = firstLength();
        while (length < text.length()) {
            int cut = text.length() - length;
            Encoding encoding = tokenise(text.substring(Character.isLowSurrogate(text.charAt(cut)) ? cut + 1 : cut));
            int first = encoding.getIds().length - maxTokens + special.before();
            if (first > special.before() && encoding.getCharTokenSpans()[first].getStart() > SAFE_DISTANCE) {
                return endOf(encoding, special);
            }
            length = longer(length);
        }
        Encoding encoding = tokenise(text);
        return encoding.getIds().length > maxTokens
                ? endOf(encoding, special)
                : tokenIds(encoding, text, promptCharacters);
    }

    private TokenIds endOf(Encoding encoding, SpecialTokens special) {
        int tokens = encoding.getIds().length;
        int from = tokens - maxTokens + special.before();
        int to = tokens - special.after();
        return new TokenIds(
                special.part(encoding.getIds(), special.before(), from, to),
                special.part(encoding.getTypeIds(), special.before(), from, to),
                start(),
                true,
                Optional.empty());
    }

    private int firstLength() {
        return PREFIX_CHARACTERS_PER_TOKEN * maxTokens + 2 * SAFE_DISTANCE;
    }

    private static int longer(int length) {
        return length > Integer.MAX_VALUE / GROWTH ? Integer.MAX_VALUE : length * GROWTH;
    }

    private TokenIds truncated(String text, int promptCharacters) {
        int prefix = firstLength();
        while (prefix < text.length()) {
            int cut = Character.isHighSurrogate(text.charAt(prefix - 1)) ? prefix - 1 : prefix;
            String begin = text.substring(0, cut);
            Encoding encoding = tokenise(begin);
            if (encoding.exceedMaxLength() && lastCharacter(encoding) < text.codePointCount(0, cut) - SAFE_DISTANCE) {
                return tokenIds(encoding, begin, promptCharacters);
            }
            prefix = longer(prefix);
        }
        return tokenIds(tokenise(text), text, promptCharacters);
    }

    /** The first position that takes part in pooling. */
    private int start() {
        return prompt.isPooled() ? 0 : promptTokens;
    }

    @Override
    public void close() {
        tokenizer.close();
        chunks.ifPresent(Chunks::close);
    }

    private Encoding tokenise(String text) {
        try {
            return tokenizer.encode(text);
        } catch (RuntimeException e) {
            throw new EmbedlakeException(
                    ErrorKind.INVALID_INPUT, "the tokenizer cannot take a text of " + text.length() + " characters", e);
        }
    }

    private TokenIds tokenIds(Encoding encoding, String text, int promptCharacters) {
        if (encoding.getIds().length == 0) {
            throw new EmbedlakeException(ErrorKind.INVALID_INPUT, "the tokenizer finds no token in the text");
        }
        return new TokenIds(
                encoding.getIds(),
                encoding.getTypeIds(),
                Math.min(start(), encoding.getIds().length),
                encoding.exceedMaxLength(),
                parts.map(unit -> TokenSpans.of(encoding, text, promptCharacters, unit)));
    }

    /** Where the last token that was kept ends. */
    private static int lastCharacter(Encoding encoding) {
        int last = 0;
        for (CharSpan span : encoding.getCharTokenSpans()) {
            if (span != null) {
                last = Math.max(last, span.getEnd());
            }
        }
        return last;
    }
}
