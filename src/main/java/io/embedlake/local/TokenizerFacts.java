package io.embedlake.local;

import io.embedlake.local.files.ModelFiles;
import io.embedlake.local.files.TokenizerFolder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the description of a model says of its tokenizer. Immutable. To read a tokenizer takes longer than a text's vector; what some of them
 * say is remembered by their contents, so that a model is described for each query of a search.
 *
 * @param changes the hash of what the settings beside it change of its file, if they change something
 * @param truncatesLeft whether the end of a long text is kept
 * @param padsLeft whether short texts of a batch are filled up before their first token
 */
record TokenizerFacts(Optional<String> changes, boolean truncatesLeft, boolean padsLeft) {
    private static final int MOST = 32;

    private static final Map<Key, TokenizerFacts> KNOWN =
            Collections.synchronizedMap(new LinkedHashMap<>(MOST, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, TokenizerFacts> eldest) {
                    return size() > MOST;
                }
            });

    /** All that they depend on. */
    private record Key(String name, String hash, TokenizerFolder folder, boolean lowerCase) {}

    /** Those of a model's tokenizer. */
    static TokenizerFacts of(ModelFiles files) {
        Key key = new Key(
                String.valueOf(files.tokenizer().getFileName()),
                files.tokenizerHash(),
                files.settings().tokenizer(),
                files.settings().lowerCase());
        TokenizerFacts known = KNOWN.get(key);
        if (known == null) {
            TokenizerFile read = VectorSettings.tokenizer(files);
            known = new TokenizerFacts(VectorSettings.changes(read), read.truncatesLeft(), read.padsLeft());
            KNOWN.put(key, known);
        }
        return known;
    }
}
