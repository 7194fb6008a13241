package io.embedlake.remote.platform.api;

import io.embedlake.remote.auth.AwsSignature;
import io.embedlake.remote.auth.Credentials;
import io.embedlake.remote.format.ModelFormat;
import io.embedlake.remote.format.bedrock.Bedrock;
import io.embedlake.remote.format.bedrock.BedrockCohereFormat;
import io.embedlake.remote.format.bedrock.NovaFormat;
import io.embedlake.remote.format.bedrock.TitanFormat;
import io.embedlake.remote.platform.ApiOptions;
import io.embedlake.remote.platform.InputType;
import io.embedlake.remote.platform.ProviderPlatform;
import io.embedlake.remote.platform.Surroundings;
import io.embedlake.remote.platform.aws.AwsIdentity;
import io.embedlake.spi.PlatformOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Amazon Bedrock: Titan, Cohere and Nova. Calls are signed with the keys of AWS that its own tools would use, unless there is a key of Bedrock. Stateless. */
public final class BedrockPlatform extends ProviderPlatform {

    @Override
    public String name() {
        return "bedrock";
    }

    @Override
    protected Optional<String> home(ApiOptions options) {
        return Optional.of(Bedrock.endpoint(options.required(VertexPlatform.LOCATION.name(), "eu-central-1")));
    }

    @Override
    protected List<String> ownOptions() {
        return List.of("dimensions", "long-text", "normalize");
    }

    @Override
    public List<PlatformOption> declares() {
        return List.of(InputType.OPTION, InputType.QUERY_OPTION, VertexPlatform.LOCATION);
    }

    @Override
    protected ModelFormat format(ApiOptions options) {
        if (options.model().contains("cohere.")) {
            return BedrockCohereFormat.of(new BedrockCohereFormat.Settings(
                    options.model(),
                    CohereNames.inputType(options),
                    CohereNames.truncate(options),
                    options.dimensions(),
                    OptionalInt.empty()));
        }
        if (options.model().contains("nova")) {
            String purpose =
                    options.inputType().equals(Optional.of(InputType.QUERY)) ? "GENERIC_RETRIEVAL" : "GENERIC_INDEX";
            return NovaFormat.of(new NovaFormat.Settings(
                    options.model(), purpose, options.dimensions().orElse(1024), CohereNames.truncate(options)));
        }
        options.requireWholeTexts();
        return TitanFormat.of(new TitanFormat.Settings(options.model(), options.dimensions(), options.normalize()));
    }

    @Override
    protected Optional<InputType> documentType(ApiOptions options) {
        boolean isTold = !options.model().contains("titan");
        return options.inputType().or(() -> isTold ? Optional.of(InputType.DOCUMENT) : Optional.empty());
    }

    @Override
    protected Credentials withoutKey(ApiOptions options, Surroundings surroundings) {
        return new AwsSignature(
                options.required(VertexPlatform.LOCATION.name(), "eu-central-1"),
                "bedrock",
                new AwsIdentity(),
                surroundings.clock());
    }
}
