package io.embedlake.benchmark;

import io.embedlake.fake.FakeProvider;
import io.embedlake.fake.HashedVectors;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Faults;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.Settings;
import io.embedlake.spi.Device;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.Input;
import io.embedlake.spi.Outcome;
import io.embedlake.spi.OutcomeStream;
import io.embedlake.spi.Platform;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.StreamEmbedder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Times a provider whose calls fail: {@code FaultsBenchmark PROVIDER MODEL TEXTS SHARE SEED}. */
public final class FaultsBenchmark {
    private static final int DIMENSION = 256;

    private FaultsBenchmark() {}

    public static void main(String[] arguments) {
        Provider provider = Provider.valueOf(arguments[0]);
        int texts = Integer.parseInt(arguments[2]);
        Faults faults = Faults.of(Double.parseDouble(arguments[3]), Long.parseLong(arguments[4]), Fault.recoverable());
        Settings settings = Settings.of(provider)
                .withDimension(DIMENSION)
                .withLatency(Duration.ofMillis(50))
                .withFaults(faults);
        try (FakeProvider fake = FakeProvider.start(settings, new HashedVectors(DIMENSION))) {
            Platform platform = Platforms.named(arguments[0].toLowerCase(java.util.Locale.ROOT));
            String secret = provider == Provider.BEDROCK ? "env:AWS_BEARER_TOKEN_BEDROCK" : "env:HOME";
            StreamEmbedder embedder = (StreamEmbedder) platform.load(
                    platform.describe(new EmbedderRequest(
                            Optional.of(arguments[1]),
                            Map.of("endpoint", fake.baseUrl().toString(), "api-key", secret))),
                    Device.CPU);
            long begin = System.nanoTime();
            Map<String, Integer> kinds = new TreeMap<>();
            try (OutcomeStream outcomes = embedder.embed(IntStream.range(0, texts)
                    .mapToObj(i -> Input.of("text number " + i))
                    .iterator())) {
                while (outcomes.hasNext()) {
                    Outcome outcome = outcomes.next();
                    kinds.merge(
                            outcome instanceof Outcome.Refused refused ? refused.kind() + " " + refused.reason() : "ok",
                            1,
                            Integer::sum);
                }
                outcomes.stopped().ifPresent(why -> System.out.println(why.getMessage()));
            }
            System.out.printf(
                    "%s: %.1f s, %s%n%s%n",
                    provider,
                    (System.nanoTime() - begin) / 1e9,
                    kinds,
                    fake.stats().json());
            embedder.close();
        }
    }
}
