package io.embedlake.spark.ml;

import io.embedlake.spi.Device;
import io.embedlake.spi.Embedder;
import io.embedlake.spi.EmbedderRequest;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.Fingerprint;
import io.embedlake.spi.SelfFittingPlatform;
import io.embedlake.spi.TokenCounter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A platform whose model is its sample, and which can do nothing else. Stateless. */
final class EchoPlatform implements SelfFittingPlatform {
    @Override
    public byte[] fit(EmbedderRequest request, List<String> sample, long seed) {
        return (seed + ":" + String.join("|", sample)).getBytes(StandardCharsets.UTF_8);
    }

    private static UnsupportedOperationException unasked() {
        return new UnsupportedOperationException("no test asks for this");
    }

    @Override
    public String name() {
        return "test-echo";
    }

    @Override
    public boolean isListed() {
        return false;
    }

    @Override
    public List<String> options() {
        return List.of();
    }

    @Override
    public Fingerprint fitting(EmbedderRequest request) {
        throw unasked();
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request) {
        throw unasked();
    }

    @Override
    public EmbedderSpec describe(EmbedderRequest request, Path model) {
        throw unasked();
    }

    @Override
    public TokenCounter counter(EmbedderSpec spec) {
        throw unasked();
    }

    @Override
    public Embedder load(EmbedderSpec spec, Device device) {
        throw unasked();
    }

    @Override
    public int visibleGpus() {
        throw unasked();
    }

    @Override
    public double assumedTokensPerSecondPerCore() {
        throw unasked();
    }
}
