package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.auth.ExpiringToken;
import io.embedlake.remote.auth.GoogleAccess;
import io.embedlake.remote.auth.token.MetadataToken;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.google.VertexFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.SignIn;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.spi.PlatformOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Vertex AI: the key is a file of credentials, such as that of a service account, or an access token that something else renews; without
 * one, calls are signed with the application default credentials. Stateless.
 */
public final class VertexPlatform extends ProviderPlatform {
    private static final PlatformOption PROJECT = PlatformOption.text(
            "project", "a project", "vertex needs one", "The project of Google Cloud that pays.", "my-project");

    static final PlatformOption LOCATION = PlatformOption.text(
            "location",
            "lower case, digits, -",
            "[a-z0-9-]+",
            "vertex and bedrock need one",
            "The region that computes.",
            "europe-west4");

    private static final String FILE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

    @Override
    public String name() {
        return "vertex";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(settings(options).endpoint());
    }

    @Override
    protected Optional<String> keyVariable() {
        return Optional.of("GOOGLE_ACCESS_TOKEN");
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(InputType.OPTION, InputType.QUERY_OPTION, PROJECT, LOCATION);
    }

    @Override
    protected Credentials credentials(ApiOptions options, Supplier<String> key, Surroundings surroundings) {
        return new GoogleAccess(
                key,
                file -> file.tokens(
                        path -> SignIn.read(Path.of(path), "credential_source"),
                        surroundings.http(),
                        surroundings.clock()),
                surroundings.clock());
    }

    @Override
    protected boolean hasIdentities(ApiOptions options) {
        return true;
    }

    /** As Google's own tools: a file that the environment names, the login of its command line, the metadata service. */
    @Override
    protected Credentials withoutKey(ApiOptions options, Surroundings surroundings) {
        Optional<Path> named = surroundings.variable(FILE_VARIABLE).map(Path::of);
        Path folder = surroundings
                .variable("CLOUDSDK_CONFIG")
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".config", "gcloud"));
        Optional<Path> login = Optional.of(folder.resolve("application_default_credentials.json"))
                .filter(Files::isRegularFile);
        return named.or(() -> login)
                .map(file -> credentials(options, () -> SignIn.read(file, FILE_VARIABLE), surroundings))
                .orElseGet(() -> new ExpiringToken(
                        MetadataToken.google(surroundings.environment(), surroundings.http(), surroundings.clock()),
                        surroundings.clock()));
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        return VertexFormat.of(settings(options));
    }

    private static VertexFormat.Settings settings(ApiOptions options) {
        return new VertexFormat.Settings(
                options.required(PROJECT.name(), "my-project"),
                options.required("location", "europe-west4"),
                options.model(),
                GoogleNames.taskType(options),
                options.truncate(),
                options.dimensions());
    }
}
