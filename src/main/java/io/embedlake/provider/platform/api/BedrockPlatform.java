package io.embedlake.provider.platform.api;

import io.embedlake.embed.PlatformOption;
import io.embedlake.provider.auth.AwsSignature;
import io.embedlake.provider.auth.Credentials;
import io.embedlake.provider.platform.ApiOptions;
import io.embedlake.provider.platform.InputType;
import io.embedlake.provider.platform.ProviderPlatform;
import io.embedlake.provider.platform.Surroundings;
import io.embedlake.provider.platform.aws.AwsIdentity;
import io.embedlake.provider.wire.ModelFormat;
import io.embedlake.provider.wire.bedrock.Bedrock;
import io.embedlake.provider.wire.bedrock.BedrockCohereFormat;
import io.embedlake.provider.wire.bedrock.NovaFormat;
import io.embedlake.provider.wire.bedrock.TitanFormat;
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
