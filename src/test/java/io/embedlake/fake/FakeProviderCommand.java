package io.embedlake.fake;

import io.embedlake.fake.settings.Cap;
import io.embedlake.fake.settings.Fault;
import io.embedlake.fake.settings.Faults;
import io.embedlake.fake.settings.Provider;
import io.embedlake.fake.settings.RateLimit;
import io.embedlake.fake.settings.Settings;
import io.embedlake.fake.settings.Unit;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jobs/fake-provider}: a provider on this machine, for trying jobs without a key. Starts no Spark. */
@Command(
        name = "fake-provider",
        description =
                "Behaves like a provider of embeddings, on this machine alone, until it is interrupted. Prints its base URL;"
                        + " GET /_fake/stats tells what it saw.",
        mixinStandardHelpOptions = true)
final class FakeProviderCommand implements Callable<Integer> {
    private static final int HASHED_DIMENSION = 384;
    private static final int USAGE = 2;

    private final PrintStream out;

    @Option(
            names = "--provider",
            required = true,
            description = "openai, azure, azure-2023, cohere, huggingface, tei, voyage,"
                    + " gemini, vertex, mistral, jina, bedrock, databricks, ollama, vllm or llamacpp.")
    private String provider;

    @Option(names = "--port", description = "Where it listens; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "A key that it knows; any is good when there is none. May be repeated."
                    + " For bedrock id:secret, whose signatures are checked.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--vectors",
            description = "model: of the embedded model; hashed: meaningless ones, at no cost (default:"
                    + " ${DEFAULT-VALUE}).")
    private String vectors = "model";

    @Option(
            names = "--dimension",
            description = "The length of vectors (default: as each of the provider's models has it).")
    private Optional<Integer> dimension = Optional.empty();

    @Option(names = "--requests-per-minute", description = "More are refused with status 429 (default: no limit).")
    private Optional<Long> requestsPerMinute = Optional.empty();

    @Option(names = "--tokens-per-minute", description = "More are refused with status 429 (default: no limit).")
    private Optional<Long> tokensPerMinute = Optional.empty();

    @Option(names = "--inputs-per-minute", description = "More texts are refused with status 429 (default: no limit).")
    private Optional<Long> inputsPerMinute = Optional.empty();

    @Option(names = "--requests-per-second", description = "More are refused with status 429 (default: no limit).")
    private Optional<Long> requestsPerSecond = Optional.empty();

    @Option(names = "--concurrency", description = "How many calls or, for tei, texts it works on at once.")
    private Optional<Integer> concurrency = Optional.empty();

    @Option(names = "--max-texts", description = "The most texts of a call (default: the provider's own).")
    private Optional<Long> maxTexts = Optional.empty();

    @Option(names = "--max-text-tokens", description = "The most tokens of a text (default: the provider's own).")
    private Optional<Long> maxTextTokens = Optional.empty();

    @Option(names = "--max-body-bytes", description = "The most bytes of a call (default: the provider's own).")
    private Optional<Long> maxBodyBytes = Optional.empty();

    @Option(names = "--latency-ms", description = "How long an answer takes at least (default: ${DEFAULT-VALUE}).")
    private long latencyMillis;

    @Option(
            names = "--cold-starts",
            description = "So many calls find the model being loaded (default: ${DEFAULT-VALUE}).")
    private int coldStarts;

    @Option(names = "--calls-per-key", description = "After so many calls a key expires (default: never).")
    private Optional<Integer> callsPerKey = Optional.empty();

    @Option(
            names = "--batch-looks",
            description = "So often a batch is looked at before it is done (default: ${DEFAULT-VALUE}).")
    private int batchLooks = 1;

    @Option(
            names = "--faults",
            paramLabel = "SHARE",
            description = "The share of requests that meet a fault, 0 to 1 (default:" + " ${DEFAULT-VALUE}).")
    private double share;

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            description = "A fault to choose from, such as cut or retry-after-ms. May be"
                    + " repeated (default: all that a careful client recovers from).")
    private List<String> faults = new ArrayList<>();

    @Option(names = "--seed", description = "Another one, other faults (default: ${DEFAULT-VALUE}).")
    private long seed;

    private FakeProviderCommand(PrintStream out) {
        this.out = out;
    }

    /** Serves until the process is interrupted; exit code 2 after one sentence when the options do not fit. */
    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return new CommandLine(new FakeProviderCommand(out))
                .setOut(new PrintWriter(out, true))
                .setParameterExceptionHandler((failure, ignored) -> {
                    err.println(failure.getMessage() + ". See jobs/fake-provider --help.");
                    return USAGE;
                })
                .setExecutionExceptionHandler((failure, ignored, parsed) -> {
                    if (failure instanceof EmbedlakeException) {
                        err.println(failure.getMessage());
                        return USAGE;
                    }
                    throw failure;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        Settings settings = settings();
        if (vectors.equals("hashed")) {
            serve(settings, new HashedVectors(dimension.orElse(HASHED_DIMENSION)));
        } else if (vectors.equals("model")) {
            try (ModelVectors model = ModelVectors.embedded()) {
                serve(settings, model);
            }
        } else {
            throw misused("--vectors is " + vectors + " (one of model, hashed)");
        }
        return 0;
    }

    private void serve(Settings settings, Function<String, float[]> source) {
        try (FakeProvider fake = FakeProvider.start(settings, source, port)) {
            out.println(fake.baseUrl());
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // That is how it ends.
            Thread.currentThread().interrupt();
        }
    }

    private Settings settings() {
        Settings settings = Settings.of(provider());
        List<RateLimit> limits = Stream.of(
                        limit("--requests-per-minute", requestsPerMinute, Unit.REQUESTS, Duration.ofMinutes(1)),
                        limit("--tokens-per-minute", tokensPerMinute, Unit.TOKENS, Duration.ofMinutes(1)),
                        limit("--inputs-per-minute", inputsPerMinute, Unit.INPUTS, Duration.ofMinutes(1)),
                        limit("--requests-per-second", requestsPerSecond, Unit.REQUESTS, Duration.ofSeconds(1)))
                .flatMap(Optional::stream)
                .toList();
        settings = settings.withLimits(limits)
                .withKeys(keys.toArray(String[]::new))
                .withLatency(Duration.ofMillis(atLeast("--latency-ms", latencyMillis, 0)))
                .withColdStarts((int) atLeast("--cold-starts", coldStarts, 0))
                .withBatchPolls((int) atLeast("--batch-looks", batchLooks, 1))
                .withFaults(drawn());
        settings = cap(settings, "--max-texts", Cap.TEXTS, maxTexts);
        settings = cap(settings, "--max-text-tokens", Cap.TEXT_TOKENS, maxTextTokens);
        settings = cap(settings, "--max-body-bytes", Cap.BODY_BYTES, maxBodyBytes);
        OptionalInt length = number("--dimension", dimension);
        settings = length.isPresent() ? settings.withDimension(length.getAsInt()) : settings;
        OptionalInt atOnce = number("--concurrency", concurrency);
        settings = atOnce.isPresent() ? settings.withConcurrency(atOnce.getAsInt()) : settings;
        OptionalInt calls = number("--calls-per-key", callsPerKey);
        return calls.isPresent() ? settings.withCallsPerKey(calls.getAsInt()) : settings;
    }

    private Provider provider() {
        return Provider.named(provider)
                .orElseThrow(() -> misused("--provider is " + provider + " (one of "
                        + Stream.of(Provider.values()).map(Provider::word).collect(Collectors.joining(", ")) + ")"));
    }

    private Faults drawn() {
        if (!(share >= 0 && share <= 1)) {
            throw misused("--faults is " + share + " (a share from 0 to 1)");
        }
        Set<Fault> kinds = EnumSet.noneOf(Fault.class);
        for (String name : faults) {
            kinds.add(Fault.named(name)
                    .orElseThrow(() -> misused("--fault is " + name + " (one of "
                            + Stream.of(Fault.values()).map(Fault::word).collect(Collectors.joining(", ")) + ")")));
        }
        return Faults.of(share, seed, kinds.isEmpty() ? Fault.recoverable() : kinds);
    }

    private static Settings cap(Settings settings, String option, Cap cap, Optional<Long> amount) {
        return amount.map(most -> settings.withCap(cap, atLeast(option, most, 1)))
                .orElse(settings);
    }

    private static Optional<RateLimit> limit(String option, Optional<Long> amount, Unit unit, Duration window) {
        return amount.map(most -> new RateLimit(unit, atLeast(option, most, 1), window));
    }

    private static OptionalInt number(String option, Optional<Integer> value) {
        return value.map(number -> OptionalInt.of((int) atLeast(option, number, 1)))
                .orElseGet(OptionalInt::empty);
    }

    private static long atLeast(String option, long value, long least) {
        if (value < least) {
            throw misused(option + " is " + value + " (a whole number from " + least + " on)");
        }
        return value;
    }

    private static EmbedlakeException misused(String what) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION, "Cannot start a fake provider: " + what + ". Correct it.");
    }
}
