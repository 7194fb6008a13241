package io.embedlake.remote.platform;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.HeaderKey;
import io.embedlake.remote.batch.BatchApi;
import io.embedlake.remote.batch.api.BatchHttp;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.pack.EstimatedTokens;
import io.embedlake.remote.pack.TextTokens;
import io.embedlake.spi.PlatformOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The description of a provider's API: name, address, key, calls, batches. Built in one chain that begins with {@link #named}, and not
 * changed afterwards. Without more it has no default address and no variable for its key, which is sent as a bearer token; its tokens
 * are estimated, and texts with too many are sent all the same.
 */
public final class Api {
    private static final int SPECIAL_TOKENS = 2;

    private final String name;
    private Function<ApiOptions, Optional<String>> home = options -> Optional.empty();
    private Optional<String> keyVariable = Optional.empty();
    private BiFunction<ApiOptions, Supplier<String>, Credentials> signing = (options, key) -> HeaderKey.bearer(key);
    private List<Wire> wires = List.of();
    private List<ImageModels> imageModels = List.of();
    private List<PlatformOption> declared = List.of();
    private Supplier<TextTokens> tokens = () -> new EstimatedTokens(SPECIAL_TOKENS);
    private boolean isCounted;
    private Optional<BatchOffer> batches = Optional.empty();
    private int inFlight = 32;
    private boolean isSelfHosted;

    private Api(String name) {
        this.name = name;
    }

    /** The API of the platform with this name. */
    public static Api named(String name) {
        return new Api(name);
    }

    /** With this default endpoint. */
    public Api at(String endpoint) {
        return at(options -> endpoint);
    }

    /** With a default endpoint that depends on the options. */
    public Api at(Function<ApiOptions, String> endpoint) {
        home = options -> Optional.of(endpoint.apply(options));
        return this;
    }

    /** With the variable that usually holds its key. */
    public Api keyIn(String variable) {
        keyVariable = Optional.of(variable);
        return this;
    }

    /** With another header for the key than {@code Authorization}. */
    public Api signed(Function<Supplier<String>, Credentials> byKey) {
        return signed((options, key) -> byKey.apply(key));
    }

    /** With a header for the key that depends on the options. */
    public Api signed(BiFunction<ApiOptions, Supplier<String>, Credentials> byKey) {
        signing = byKey;
        return this;
    }

    /** With these calls; {@link ProviderPlatform#call} chooses one, by default the first. */
    public Api calls(Wire... all) {
        wires = List.of(all);
        return this;
    }

    /** With models that take images as well. */
    public Api images(ImageModels... models) {
        imageModels = List.of(models);
        return this;
    }

    /** With options that are in none of its calls, such as those for signing in. */
    public Api declares(PlatformOption... more) {
        declared = List.of(more);
        return this;
    }

    /** With an exact count of tokens: a text with too many is refused before it is sent. */
    public Api counted(Supplier<TextTokens> by) {
        tokens = by;
        isCounted = true;
        return this;
    }

    /**
     * With a batch API for embeddings.
     *
     * @param priceShare what a token costs in a batch, as a part of what it costs in a call
     * @param window how long a batch may take, according to the provider
     * @param api calls it
     */
    public Api batches(double priceShare, Duration window, BiFunction<BatchHttp, ModelFormat, BatchApi> api) {
        batches = Optional.of(new BatchOffer(priceShare, window, api));
        return this;
    }

    /** With this number of calls in flight where the job has none. */
    public Api inFlight(int calls) {
        inFlight = calls;
        return this;
    }

    /** On the user's own server: there are no terms of a provider to accept. */
    public Api selfHosted() {
        isSelfHosted = true;
        return this;
    }

    String name() {
        return name;
    }

    Optional<String> home(ApiOptions options) {
        return home.apply(options);
    }

    Optional<String> keyVariable() {
        return keyVariable;
    }

    Credentials signed(ApiOptions options, Supplier<String> key) {
        return signing.apply(options, key);
    }

    Wire firstCall() {
        return wires.get(0);
    }

    /** The shared keys among its options. */
    Stream<String> sharedKeys() {
        return parameters().flatMap(Parameter::sharedKey).distinct();
    }

    List<PlatformOption> declared() {
        return Stream.concat(parameters().flatMap(parameter -> parameter.declared().stream()), declared.stream())
                .distinct()
                .toList();
    }

    private Stream<Parameter> parameters() {
        return Stream.concat(wires.stream(), imageModels.stream().map(ImageModels::wire))
                .flatMap(wire -> wire.parameters().stream());
    }

    List<ImageModels> imageModels() {
        return imageModels;
    }

    TextTokens tokens() {
        return tokens.get();
    }

    BudgetPacker.LongTexts longTexts() {
        return isCounted ? BudgetPacker.LongTexts.REFUSED : BudgetPacker.LongTexts.SENT;
    }

    Optional<BatchOffer> batches() {
        return batches;
    }

    int inFlight() {
        return inFlight;
    }

    boolean isSelfHosted() {
        return isSelfHosted;
    }
}
