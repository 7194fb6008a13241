package io.embedlake.remote.platform.aws;

import io.embedlake.remote.auth.AwsKeys;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.utils.SystemSetting;

/**
 * The credentials of AWS, found where Amazon's own tools find them, in their order: keys of the environment, a web identity, a profile,
 * the role of the container, the role of the machine. The first way that is configured is the one that is used, so that its error is
 * what a user reads. Amazon's SDK gets, keeps and renews them. Thread-safe; prints no secret.
 */
public final class AwsIdentity implements AwsKeys {
    private static final List<String> WAYS_OF_A_PROFILE = List.of(
            "aws_access_key_id",
            "role_arn",
            "sso_session",
            "sso_account_id",
            "credential_process",
            "web_identity_token_file");
    private static final int MOST_OF_A_REASON = 300;
    private static final String REMEDY =
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, or run"
                    + " where there is a role.";

    private Optional<Way> current = Optional.empty();

    /**
     * One of the ways.
     *
     * @param refusal what to say when there are none: the way, and that it gives none
     * @param provider gets the credentials
     */
    private record Way(String refusal, AwsCredentialsProvider provider) {}

    @Override
    public synchronized AwsCredentialsIdentity key() {
        Way way = current.orElseGet(AwsIdentity::configured);
        current = Optional.of(way);
        try {
            return way.provider().resolveCredentials();
        } catch (RuntimeException e) {
            current = Optional.empty();
            throw e instanceof EmbedlakeException ours ? ours : refused(way.refusal(), e);
        }
    }

    /** The SDK's copies of what it got are dropped. */
    @Override
    public synchronized boolean renew(String id) {
        if (key().accessKeyId().equals(id)) {
            current = Optional.empty();
        }
        return !key().accessKeyId().equals(id);
    }

    private static Way configured() {
        if (isSet(SdkSystemSetting.AWS_ACCESS_KEY_ID) || isSet(SdkSystemSetting.AWS_SECRET_ACCESS_KEY)) {
            return new Way("the keys of the environment cannot be used", AwsIdentity::keys);
        }
        if (isSet(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE)) {
            return new Way("the web identity gets no credentials", WebIdentityTokenFileCredentialsProvider.create());
        }
        String profile = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
        ProfileFileSupplier files = ProfileFileSupplier.defaultSupplier();
        if (hasCredentials(files.get(), profile)) {
            return new Way(
                    "the profile " + profile + " gets no credentials",
                    ProfileCredentialsProvider.builder()
                            .profileFile(files)
                            .profileName(profile)
                            .build());
        }
        if (isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
                || isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI)) {
            return new Way(
                    "the container gives no credentials of its role",
                    ContainerCredentialsProvider.builder().build());
        }
        return new Way(
                "there are no keys in the environment, no web identity, no credentials in the profile " + profile
                        + ", no role of a container, and none of the machine",
                InstanceProfileCredentialsProvider.create());
    }

    private static boolean hasCredentials(ProfileFile files, String name) {
        return files.profile(name)
                .filter(profile -> WAYS_OF_A_PROFILE.stream()
                        .anyMatch(property -> profile.property(property).isPresent()))
                .isPresent();
    }

    private static boolean isSet(SystemSetting setting) {
        return text(setting).isPresent();
    }

    private static Optional<String> text(SystemSetting setting) {
        return setting.getStringValue().map(String::strip).filter(text -> !text.isEmpty());
    }

    private static AwsCredentials keys() {
        String id = required(SdkSystemSetting.AWS_ACCESS_KEY_ID);
        String secret = required(SdkSystemSetting.AWS_SECRET_ACCESS_KEY);
        return text(SdkSystemSetting.AWS_SESSION_TOKEN)
                .<AwsCredentials>map(token -> AwsSessionCredentials.create(id, secret, token))
                .orElseGet(() -> AwsBasicCredentials.create(id, secret));
    }

    private static String required(SdkSystemSetting setting) {
        return text(setting)
                .orElseThrow(
                        () -> new EmbedlakeException(
                                ErrorKind.CONFIGURATION,
                                "Cannot sign for AWS: " + setting.environmentVariable()
                                        + " is not set (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together). Set both, or neither."));
    }

    private static EmbedlakeException refused(String way, RuntimeException failure) {
        return new EmbedlakeException(
                passes(failure) ? ErrorKind.TRANSIENT : ErrorKind.CONFIGURATION,
                "Cannot sign for AWS: " + way + " (" + reason(failure) + "). " + REMEDY,
                failure);
    }

    /** The deepest message: those around it say that there are no credentials. */
    private static String reason(Throwable failure) {
        String deepest = causes(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .reduce((outer, inner) -> inner)
                .orElse("no answer")
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .replaceFirst("[. ]+$", "");
        return deepest.length() <= MOST_OF_A_REASON ? deepest : deepest.substring(0, MOST_OF_A_REASON) + "...";
    }

    /** A service that is busy, or that has answered before and does not now. */
    private static boolean passes(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof SdkServiceException service
                        ? service.statusCode() >= 500 || service.isThrottlingException()
                        : cause instanceof IOException && !(cause instanceof FileSystemException));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    @Override
    public String toString() {
        return "credentials of AWS";
    }
}
