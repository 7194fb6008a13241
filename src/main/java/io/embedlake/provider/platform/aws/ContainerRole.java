package io.embedlake.provider.platform.aws;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.TextFiles;
import io.embedlake.provider.auth.AwsKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The role of a container of ECS, or of a pod of EKS, as its environment says. Immutable.
 *
 * @param address where the keys are
 * @param environment has what lets in
 * @param files reads what lets in, where it is in a file, which is replaced
 * @param http asks
 */
record ContainerRole(URI address, Map<String, String> environment, TextFiles files, MetadataHttp http) {
    private static final String OF_ECS = "http://169.254.170.2";
    private static final Set<String> HOSTS =
            Set.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    ContainerRole {
        Objects.requireNonNull(environment);
        Objects.requireNonNull(files);
        Objects.requireNonNull(http);
        String host = Objects.requireNonNullElse(address.getHost(), "");
        boolean isNear = HOSTS.contains(host) || LOOPBACK.matcher(host).matches();
        if (!"https".equals(address.getScheme()) && !isNear || host.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot sign for AWS: AWS_CONTAINER_CREDENTIALS_FULL_URI names the host " + host
                            + " (https, or this machine, or the addresses of ECS and EKS). Change it.");
        }
    }

    /** The role, where the environment says that there is one. */
    static Optional<ContainerRole> of(Map<String, String> environment, TextFiles files, MetadataHttp http) {
        return Optional.ofNullable(environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"))
                .map(path -> OF_ECS + path)
                .or(() -> Optional.ofNullable(environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")))
                .map(address -> new ContainerRole(URI.create(address), environment, files, http));
    }

    AwsKey key() {
        return RoleAnswer.key(
                "the container",
                () -> http.read(
                        address,
                        authorisation()
                                .map(token -> Map.of("Authorization", token))
                                .orElse(Map.of())));
    }

    private Optional<String> authorisation() throws IOException {
        String file = environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "");
        return file.isEmpty()
                ? Optional.ofNullable(environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
                : Optional.of(files.read(Path.of(file)).strip());
    }

    @Override
    public String toString() {
        return "role of the container";
    }
}
