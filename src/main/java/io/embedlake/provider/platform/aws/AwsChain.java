package io.embedlake.provider.platform.aws;

import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import io.embedlake.embed.TextFiles;
import io.embedlake.provider.auth.AwsKey;
import io.embedlake.provider.auth.AwsKeySource;
import io.embedlake.provider.auth.ExpiringAwsKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The keys of AWS where Amazon's own tools look for them, in their order: the environment, the profile of a file, the role of the
 * container, the role of the machine. Where they are is found out when the first call is signed. Thread-safe.
 */
public final class AwsChain implements AwsKeySource {
    private static final String ID = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final String SESSION = "AWS_SESSION_TOKEN";

    private final Map<String, String> environment;
    private final TextFiles files;
    private final Path home;
    private final Clock clock;
    private Optional<AwsKeySource> found = Optional.empty();

    /** @param home the user's folder, where the profiles are unless the environment says otherwise */
    public AwsChain(Map<String, String> environment, TextFiles files, Path home, Clock clock) {
        this.environment = Map.copyOf(environment);
        this.files = Objects.requireNonNull(files);
        this.home = Objects.requireNonNull(home);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public AwsKey key() {
        return source().key();
    }

    @Override
    public boolean renew(String id) {
        return source().renew(id);
    }

    private synchronized AwsKeySource source() {
        AwsKeySource source = found.orElseGet(this::search);
        found = Optional.of(source);
        return source;
    }

    private AwsKeySource search() {
        if (isSet(ID) || isSet(SECRET)) {
            return this::ofEnvironment;
        }
        AwsProfile profile = AwsProfile.of(environment, files, home);
        if (profile.key().isPresent()) {
            return () -> profile.key().orElseThrow(() -> missing(profile, "it is not there any more"));
        }
        MetadataHttp http = new MetadataHttp();
        Optional<ContainerRole> container = ContainerRole.of(environment, files, http);
        if (container.isPresent()) {
            return new ExpiringAwsKey(container.get()::key, clock);
        }
        MachineRole machine = new MachineRole(environment, http);
        try {
            machine.requireThere();
        } catch (IOException e) {
            throw missing(profile, Objects.requireNonNullElse(e.getMessage(), "no answer"));
        }
        return new ExpiringAwsKey(machine::key, clock);
    }

    private boolean isSet(String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }

    private AwsKey ofEnvironment() {
        for (String variable : new String[] {ID, SECRET}) {
            if (!isSet(variable)) {
                throw new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot sign for AWS: " + variable + " is not set (" + ID + " and " + SECRET
                                + " belong together). Set both, or neither.");
            }
        }
        return new AwsKey(
                environment.get(ID),
                environment.get(SECRET),
                isSet(SESSION) ? Optional.of(environment.get(SESSION)) : Optional.empty(),
                Optional.empty());
    }

    private static EmbedlakeException missing(AwsProfile profile, String machine) {
        return new EmbedlakeException(
                ErrorKind.CONFIGURATION,
                "Cannot sign for AWS: there are no keys in the environment, in " + profile
                        + ", or of a role of the container or the machine (" + machine + "). Set " + ID + " and "
                        + SECRET
                        + ", or run where there is a role.");
    }

    @Override
    public String toString() {
        return "keys of AWS";
    }
}
