package io.embedlake.remote.platform;

import io.embedlake.image.PngImage;
import io.embedlake.remote.image.ImageRules;
import io.embedlake.remote.image.SentImage;
import io.embedlake.remote.pack.TextTokens;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Input;
import io.embedlake.spi.InputKind;
import io.embedlake.text.Texts;

/** What inputs of a kind become in the body of a call, and what they are charged for. Thread-safe. */
sealed interface SentForm {
    /**
     * What stands for an input in a body. Immutable.
     *
     * @param tokens what it is charged for, counted or estimated; 0 where there is nothing to embed
     */
    record Sent(String text, long tokens) {
        /** Without the text itself. */
        @Override
        public String toString() {
            return text.length() + " characters and " + tokens + " tokens";
        }
    }

    /** Which inputs. */
    InputKind kind();

    /**
     * What an input is charged for, 0 where there is nothing to embed.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it is not sent
     */
    long tokens(Input input);

    /**
     * What stands for an input.
     *
     * @throws EmbedlakeException {@link ErrorKind#INVALID_INPUT} when it is not sent
     */
    Sent of(Input input);

    /** Learns what a call was charged for. */
    void learn(long counted, long charged);

    /** An input that no server has a reason to refuse. */
    Input harmless();

    /** Texts, unchanged. */
    record OfTexts(TextTokens tokens) implements SentForm {
        private static final Input HARMLESS = Input.of("A short sentence in plain English.");

        @Override
        public InputKind kind() {
            return InputKind.TEXT;
        }

        @Override
        public long tokens(Input input) {
            String text = input.text();
            return Texts.isBlank(text) ? 0 : tokens.count(text);
        }

        @Override
        public Sent of(Input input) {
            return new Sent(input.text(), tokens(input));
        }

        @Override
        public void learn(long counted, long charged) {
            tokens.learn(counted, charged);
        }

        @Override
        public Input harmless() {
            return HARMLESS;
        }
    }

    /** Images as a provider takes them; what they are charged for follows from its rule and is not learnt. */
    record OfImages(ImageRules rules) implements SentForm {
        @Override
        public InputKind kind() {
            return InputKind.IMAGE;
        }

        @Override
        public long tokens(Input input) {
            return rules.tokensOf(input.image());
        }

        @Override
        public Sent of(Input input) {
            SentImage image = rules.sent(input.image());
            return new Sent(image.text(), image.tokens());
        }

        @Override
        public void learn(long counted, long charged) {
            // The rule is the provider's own.
        }

        @Override
        public Input harmless() {
            return Input.of(PngImage.harmless());
        }
    }
}
