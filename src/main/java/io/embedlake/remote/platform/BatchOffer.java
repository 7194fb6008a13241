package io.embedlake.remote.platform;

import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.batch.api.BatchHttp;
import io.embedlake.remote.format.ModelFormat;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The terms of a provider's batch API. Immutable.
 *
 * @param priceShare what a token costs in a batch, as a part of what it costs in a call
 * @param window how long a batch may take, according to the provider
 * @param api calls it
 */
public record BatchOffer(double priceShare, Duration window, BiFunction<BatchHttp, ModelFormat, BatchApi> api) {
    public BatchOffer {
        Objects.requireNonNull(window);
        Objects.requireNonNull(api);
        if (!(priceShare > 0 && priceShare <= 1)) {
            throw new IllegalArgumentException("a batch costs a part of the price: " + priceShare);
        }
    }
}
