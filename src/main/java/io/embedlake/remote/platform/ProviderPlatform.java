package io.embedlake.remote.platform;

import io.embedlake.http.Proxies;
import io.embedlake.remote.auth.Anonymous;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.token.TokenServer;
import io.embedlake.remote.format.ExtraHeaders;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.common.Options;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.RateLimiterClient;
import io.embedlake.remote.price.Price;
import io.embedlake.remote.price.Prices;
import io.embedlake.retry.Sleeper;
import io.embedlake.spi.Budget;
import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.Granularity;
import io.embedlake.spi.InputKind;
import io.embedlake.spi.Platform;
import io.embedlake.spi.PlatformOption;
import io.embedlake.spi.Platforms;
import io.embedlake.spi.TokenCounter;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A provider as a platform. A subclass describes its {@link Api}, and overrides a method only where the API needs code: sign-in, a choice
 * of calls, questions to its server. Stateless.
 *
 * <p>The fingerprint holds the API, the model and the options that change vectors; neither the endpoint nor the key, so that a proxy or
 * another account makes no other vectors. {@link #SERVER_LABEL} tells self-hosted servers apart.
 */
public abstract class ProviderPlatform implements Platform {
    /** The key that refers to the secret. */
    public static final String API_KEY = "api-key";

    /** The key that says whether texts go in calls or in batches. */
    public static final String MODE = "mode";

    /** Tells self-hosted servers apart whose models have the same name: part of the fingerprint where it is set. */
    public static final PlatformOption SERVER_LABEL = PlatformOption.text(
            "server-label",
            "a name",
            "servers share vectors of the same model name and dimension",
            "A name for the server, or for what it serves: vectors with another label are kept apart in the store, even if the name of"
                    + " the model and the dimension are the same. Changing it embeds all texts again.",
            "bge-finetuned-2026-11");

    private static final String BATCH = "batch";
    private static final String ENDPOINT = "endpoint";

    /** The assumed rate of one of many concurrent calls where no limit is set; a run's measured speed replaces it. */
    private static final double ASSUMED_TOKENS_PER_SECOND = 10_000;

    private final Api api;

    /** The provider that a spec is of; empty for models that run here. */
    public static Optional<ProviderPlatform> of(EmbedderSpec spec) {
        return Platforms.named(spec.platform()) instanceof ProviderPlatform provider
                ? Optional.of(provider)
                : Optional.empty();
    }

    /** A provider with this API. */
    protected ProviderPlatform(Api api) {
        this.api = api;
    }

    final Api api() {
        return api;
    }

    @Override
    public final String name() {
        return api.name();
    }

    @Override
    public final List<PlatformOption> declares() {
        return api.declared();
    }

    /** The call that sends the texts of a job; that for images follows from the {@link ImageModels}. */
    protected Wire call(ApiOptions options) {
        return api.firstCall();
    }

    /** How its calls are signed with a key. */
    protected Credentials credentials(ApiOptions options, Supplier<String> key, Surroundings surroundings) {
        return api.signed(options, key);
    }

    /**
     * What a job asks for, with what the server says of itself where it can be asked.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when it is not what the job asks for
     */
    protected ApiOptions asked(ApiOptions options) {
        return options;
    }

    /** Notes for the user about it, in sentences. */
    protected List<String> notes(ApiOptions asked) {
        return List.of();
    }

    /** The requests for the positions of tokens, where each token gets a vector; then {@link #call} asks for all their vectors. */
    protected Optional<Wire> tokenPlaces(ApiOptions options) {
        return Optional.empty();
    }

    /** The token issuer for clients that it accepts instead of keys; empty if it supports none. */
    protected Optional<TokenServer> tokenServer(ApiOptions options) {
        return Optional.empty();
    }

    /** Whether it may sign calls with what the surroundings have, where neither a key nor its variable is set. */
    protected boolean hasIdentities(ApiOptions options) {
        return false;
    }

    /** How its calls are signed where no key is set. */
    protected Credentials withoutKey(ApiOptions options, Surroundings surroundings) {
        return new Anonymous();
    }

    /** What follows the base URL before the paths of calls, unless it stands there already. */
    protected String basePath(ApiOptions options) {
        return "";
    }

    /** Whether it is self-hosted, so that there are no provider's terms to accept. */
    public final boolean isSelfHosted() {
        return api.isSelfHosted();
    }

    @Override
    public final boolean usesNetwork() {
        return true;
    }

    @Override
    public final Optional<String> neededModel() {
        return Optional.of("one of the provider's");
    }

    @Override
    public final List<String> options() {
        Stream<String> input = api.imageModels().isEmpty() ? Stream.empty() : Stream.of(InputKind.KEY);
        return Stream.of(Stream.of("model", API_KEY, ENDPOINT), input, api.sharedKeys())
                .flatMap(keys -> keys)
                .distinct()
                .toList();
    }

    /**
     * Where a job's texts would go.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when the job does not say it, or wrongly
     */
    public final Endpoint endpoint(EmbedderRequest request) {
        return endpoint(ApiOptions.of(name(), request));
    }

    /** Where its API is. */
    protected final Endpoint endpoint(ApiOptions options) {
        return Endpoint.parse(
                options.text(ENDPOINT)
                        .or(() -> api.home(options))
                        .orElseThrow(
                                () -> new EmbedlakeException(
                                        ErrorKind.CONFIGURATION,
                                        "Cannot use the platform " + name()
                                                + ": the key endpoint is missing (this platform has no default endpoint). Set endpoint.")));
    }

    @Override
    public final EmbedderSpec describe(EmbedderRequest request) {
        ApiOptions options = ApiOptions.of(name(), request);
        ModelFormat format = calls(options);
        queryType(options);
        requireForImages(options);
        Map<String, String> settings = new HashMap<>(request.options());
        settings.keySet().removeAll(Budget.OPTIONS);
        settings.put(ApiOptions.MODEL, options.model());
        settings.remove(InputKind.KEY, InputKind.TEXT.toString());
        SignIn.check(this, options);
        if (Client.isMeant(this, options)) {
            Client.of(options);
            tokenServer(options);
        } else if (!hasIdentities(options)) {
            api.keyVariable().ifPresent(variable -> settings.putIfAbsent(API_KEY, "env:" + variable));
        }
        Endpoint endpoint = endpoint(options);
        List<String> notes = new ArrayList<>(notes(asked(options)));
        if (!endpoint.isLoopback()) {
            notes.add((options.inputs() == InputKind.IMAGE ? "Images" : "Texts") + " are sent to " + endpoint.host()
                    + ".");
        }
        return new EmbedderSpec(
                        name(),
                        options.model(),
                        fingerprint(format, options),
                        settings,
                        tokenPlaces(options).isPresent() ? Granularity.TOKEN : Granularity.ATTRIBUTE,
                        notes)
                .within(new Budget(request.options()));
    }

    private static Fingerprint fingerprint(ModelFormat format, ApiOptions options) {
        Map<String, String> printed = new TreeMap<>(format.vectorOptions());
        String label = SERVER_LABEL.name();
        options.text(label).ifPresent(server -> {
            Options.requireName(label, server);
            printed.put(label, server);
        });
        return Fingerprint.of(printed);
    }

    /** The format of its calls, with the headers that the job adds. */
    final ModelFormat calls(ApiOptions options) {
        return format(wire(options), options);
    }

    /** The same for the places of tokens. */
    final Optional<ModelFormat> placeCalls(ApiOptions options) {
        return tokenPlaces(options).map(call -> format(call, options));
    }

    private Wire wire(ApiOptions options) {
        return options.inputs() == InputKind.IMAGE
                ? requiredImageModels(options).wire()
                : call(options);
    }

    /** What the inputs of a job become in its calls. */
    final SentForm form(ApiOptions options) {
        return options.inputs() == InputKind.IMAGE
                ? new SentForm.OfImages(requiredImageModels(options).rules())
                : new SentForm.OfTexts(api.tokens());
    }

    private Optional<ImageModels> imageModels(ApiOptions options) {
        return api.imageModels().stream()
                .filter(models -> models.isOne().test(options.model()))
                .findFirst();
    }

    private ImageModels requiredImageModels(ApiOptions options) {
        return imageModels(options)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot embed images with " + options.model() + ": "
                                + (api.imageModels().isEmpty()
                                        ? "the platform " + name() + " takes texts only (images are taken by "
                                                + platformsForImages() + "). Change platform and model."
                                        : "it takes texts only (of the platform " + name() + " images are taken by "
                                                + api.imageModels().stream()
                                                        .map(ImageModels::words)
                                                        .collect(Collectors.joining(", "))
                                                + "). Change model.")));
    }

    private static String platformsForImages() {
        return Platforms.all().stream()
                .filter(platform -> platform.isListed()
                        && platform instanceof ProviderPlatform provider
                        && !provider.api.imageModels().isEmpty())
                .map(Platform::name)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** What a job of images sets must be something that calls with images have. */
    private void requireForImages(ApiOptions options) {
        if (options.inputs() == InputKind.TEXT) {
            return;
        }
        List<String> known =
                wire(options).parameters().stream().map(Parameter::key).toList();
        call(options).parameters().stream()
                .map(Parameter::key)
                .filter(key -> !known.contains(key))
                .forEach(key -> options.text(key)
                        .ifPresent(value -> Options.require(
                                key, value, false, options.model() + " has no such option for images")));
        options.text(MODE)
                .ifPresent(mode -> Options.require(MODE, mode, !mode.equals(BATCH), "images are sent in calls only"));
    }

    private ModelFormat format(Wire call, ApiOptions options) {
        ModelFormat format = call.format(name(), options);
        return options.headers().isEmpty() ? format : new ExtraHeaders(format, options.headers());
    }

    /** The input type of queries: the job's, else that of documents, with QUERY in place of DOCUMENT. */
    private Optional<InputType> queryType(ApiOptions options) {
        return options.text(InputType.QUERY_OPTION.name())
                .map(ApiOptions::inputType)
                .or(() -> wire(options)
                        .complete(options)
                        .inputType()
                        .map(type -> type == InputType.DOCUMENT ? InputType.QUERY : type));
    }

    @Override
    public EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column) {
        return queryType(ApiOptions.of(column))
                .map(type -> column.with(InputType.OPTION.name(), type.toString()))
                .orElse(column);
    }

    /** Where the model takes both kinds, their vectors are in one space. */
    @Override
    public EmbedderSpec forQueries(EmbedderRequest request, EmbedderSpec column, InputKind query) {
        return query != column.inputs() && imageModels(ApiOptions.of(column)).isPresent()
                ? forQueries(request, column.with(InputKind.KEY, query.toString()))
                : Platform.super.forQueries(request, column, query);
    }

    @Override
    public final TokenCounter counter(EmbedderSpec spec) {
        ApiOptions options = ApiOptions.of(spec);
        return new ProviderTokens(form(options), calls(options).budgets().textTokens());
    }

    /** Loads it with its own limit, which is enough for a single JVM. */
    @Override
    public final Embedder load(EmbedderSpec spec, Device device) {
        device.requireProcessor(name());
        return Connection.of(this, spec).open();
    }

    /**
     * Loads it with a limit that others share.
     *
     * @param limit whose permits calls wait for
     */
    public final Embedder load(EmbedderSpec spec, RateLimiterClient limit) {
        return Connection.of(this, spec).open(limit);
    }

    /** Whether a job may ask it for batches. */
    public final boolean hasBatches() {
        return api.batches().isPresent();
    }

    /** What it offers to a job that asks for batches; empty where the job sends calls. */
    public final Optional<BatchOffer> batches(EmbedderSpec spec) {
        return api.batches().filter(offer -> BATCH.equals(spec.settings().get(MODE)));
    }

    /**
     * Opens its batch API, which it must have.
     *
     * @param sleeper lets time pass between attempts
     */
    public final ProviderBatches openBatches(EmbedderSpec spec, Sleeper sleeper) {
        return ProviderBatches.open(
                this, Connection.of(this, spec), api.batches().orElseThrow(), sleeper);
    }

    /** Identifies the endpoint, independent of the key. */
    public final String place(EmbedderSpec spec) {
        return name() + " " + endpoint(ApiOptions.of(spec));
    }

    /** Tells the limits of endpoints and keys apart; holds no secret. */
    public final String limitName(EmbedderSpec spec) {
        ApiOptions options = ApiOptions.of(spec);
        String caller = options.text(API_KEY)
                .or(() -> options.text(ClientOptions.ID.name()))
                .orElse("");
        return place(spec) + " " + caller;
    }

    /** What the job allows in a minute. */
    public final Limits limits(EmbedderSpec spec) {
        ApiOptions options = ApiOptions.of(spec);
        return new Limits(
                options.large(Connection.REQUESTS), options.large(Connection.TOKENS), options.large(Connection.INPUTS));
    }

    /**
     * The price of a million tokens: the job's, else the price list's, with the discount of batches; 0 for self-hosted and local servers,
     * empty if unknown, as for images, which are not in the list.
     */
    public final Optional<Price> price(EmbedderSpec spec) {
        ApiOptions options = ApiOptions.of(spec);
        return spec.budget().usdPerMillionTokens().stream()
                .mapToObj(price -> new Price(price, "the job's limits"))
                .findFirst()
                .or(() -> isSelfHosted() || endpoint(options).isLoopback()
                        ? Optional.of(new Price(0, "a self-hosted server"))
                        : Prices.known()
                                .of(name(), options.model())
                                .filter(price -> options.inputs() == InputKind.TEXT)
                                .map(price -> inBatches(price, spec)));
    }

    private Price inBatches(Price price, EmbedderSpec spec) {
        return batches(spec)
                .map(offer -> new Price(
                        price.usdPerMillionTokens() * offer.priceShare(),
                        price.source() + "; " + Math.round(100 * offer.priceShare()) + " % of it in batches"))
                .orElse(price);
    }

    /**
     * How many more tokens a run may be charged for; empty where any number.
     *
     * @param spentTokens what it was charged for so far
     * @param spentUsd what that cost
     */
    public final OptionalLong tokensLeft(EmbedderSpec spec, long spentTokens, double spentUsd) {
        LongStream byTokens = spec.budget().tokens().stream().map(most -> most - spentTokens);
        LongStream byCost = spec.budget().usd().stream()
                .boxed()
                .flatMap(most -> price(spec)
                        .filter(price -> price.usdPerMillionTokens() > 0)
                        .map(price -> (most - spentUsd) / price.usdPerMillionTokens() * 1e6)
                        .stream())
                .mapToLong(Double::longValue);
        return LongStream.concat(byTokens, byCost)
                .map(left -> Math.max(0, left))
                .min();
    }

    final Credentials credentials(ApiOptions options) {
        Map<String, String> environment = System.getenv();
        return Login.of(
                this,
                options,
                new Surroundings(
                        environment, new TokenSender(proxies(options), Sleeper.REAL, new Random()), Clock.systemUTC()));
    }

    /** What its calls go through. */
    final Proxies proxies(ApiOptions options) {
        return ProxyOptions.of(options, name(), System.getenv());
    }

    /** What its server says at an address beside its API, with the job's key; nothing where it says nothing within seconds. */
    protected final Optional<byte[]> page(ApiOptions options, String path) {
        return ServerPage.read(
                URI.create(endpoint(options).base() + path),
                options.headers(),
                () -> credentials(options),
                proxies(options));
    }

    /** What keeps this JVM from its server, by name, port or certificate; nothing where it answers. Sends neither a text nor the key. */
    public final Optional<String> unreachable(EmbedderSpec spec) {
        ApiOptions options = ApiOptions.of(spec);
        return ServerPage.unreachable(endpoint(options).base(), proxies(options));
    }

    @Override
    public final int visibleGpus() {
        return 0;
    }

    @Override
    public final double assumedTokensPerSecondPerCore() {
        return ASSUMED_TOKENS_PER_SECOND;
    }
}
