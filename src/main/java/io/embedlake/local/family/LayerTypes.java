package io.embedlake.local.family;

import io.embedlake.local.network.NetworkConfig;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers have local attention, by a config. Stateless. */
final class LayerTypes {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private LayerTypes() {}

    /**
     * Whether each layer is local: by the config's {@code layer_types}, else by a rule for a layer's index.
     *
     * @throws io.embedlake.spi.EmbedlakeException when the config names another kind of attention, or too few layers
     */
    static List<Boolean> local(NetworkConfig config, int layers, IntPredicate rule) {
        List<String> types = config.words("layer_types");
        if (types.isEmpty()) {
            return IntStream.range(0, layers).mapToObj(rule::test).toList();
        }
        if (types.size() < layers || !List.of(FULL, SLIDING).containsAll(types)) {
            throw config.refuse("layer_types is " + types + ", and " + layers + " of " + FULL + " and " + SLIDING
                    + " are supported");
        }
        return types.stream().map(SLIDING::equals).toList();
    }
}
