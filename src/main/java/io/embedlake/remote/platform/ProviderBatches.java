package io.embedlake.remote.platform;

import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.batch.BatchLimits;
import io.embedlake.remote.batch.BatchSettings;
import io.embedlake.remote.batch.BatchText;
import io.embedlake.remote.batch.api.BatchHttp;
import io.embedlake.remote.pack.TextTokens;
import io.embedlake.retry.Sleeper;
import io.embedlake.text.Texts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/** A provider's batch API, as used by a job. Confined to one thread; closed by its owner. */
public final class ProviderBatches implements AutoCloseable {
    private static final String TEXTS = "batch.texts";
    private static final String AT_ONCE = "batch.at-once";
    private static final String QUEUE_TOKENS = "batch.queue-tokens";
    private static final String POLL = "batch.poll-s";

    private final ProviderPlatform platform;
    private final ApiOptions options;
    private final TextTokens tokens;
    private final int mostTextTokens;
    private final BatchHttp http;
    private final BatchApi api;

    private ProviderBatches(ProviderPlatform platform, Connection connection, BatchOffer offer, Sleeper sleeper) {
        this.platform = platform;
        this.options = connection.options();
        this.tokens = platform.api().tokens();
        this.mostTextTokens = connection.format().budgets().textTokens();
        this.http = new BatchHttp(
                connection.base(connection.format()),
                platform.credentials(options),
                options.headers(),
                platform.proxies(options),
                sleeper);
        this.api = offer.api().apply(http, connection.format());
    }

    static ProviderBatches open(ProviderPlatform platform, Connection connection, BatchOffer offer, Sleeper sleeper) {
        return new ProviderBatches(platform, connection, offer, sleeper);
    }

    /** The API. */
    public BatchApi api() {
        return api;
    }

    /**
     * How the job wants them run.
     *
     * @param folder for files on their way
     */
    public BatchSettings settings(Path folder) {
        BatchSettings usual = BatchSettings.in(folder);
        int atOnce = options.number(AT_ONCE).orElse(usual.atOnce());
        Duration poll = options.seconds(POLL).orElse(usual.longestPoll());
        OptionalInt queue = options.number(QUEUE_TOKENS);
        return new BatchSettings(
                folder,
                new BatchLimits(
                        options.number(TEXTS).orElse(Integer.MAX_VALUE),
                        Long.MAX_VALUE,
                        queue.isPresent() ? Math.max(1, queue.getAsInt() / atOnce) : Long.MAX_VALUE),
                atOnce,
                poll.compareTo(usual.firstPoll()) < 0 ? poll : usual.firstPoll(),
                poll,
                usual.settling(),
                usual.attempts());
    }

    /** A text with its tokens; refused where a call would be refused, before anything is sent. */
    public BatchText text(String id, String text) {
        String whole = Texts.wellFormed(text);
        long count = Texts.isBlank(whole) ? 0 : tokens.count(whole);
        return new BatchText(
                id,
                whole,
                (int) Math.min(Integer.MAX_VALUE, count),
                BudgetPacker.problem(count, mostTextTokens, platform.api().longTexts()));
    }

    @Override
    public void close() {
        http.close();
    }
}
