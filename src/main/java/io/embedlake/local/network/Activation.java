package io.embedlake.local.network;

import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The functions between a network's linear layers, under the names that transformers and sentence-transformers give them
 * (source: {@code ACT2FN} in transformers; class names of {@code torch.nn} in sentence-transformers' Dense).
 */
public enum Activation {
    /** {@code x Φ(x)}, with the error function. */
    GELU("gelu", "none", "gelu", "gelu_python"),
    /** The approximation of {@link #GELU} by the hyperbolic tangent. */
    GELU_TANH("gelu", "tanh", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate"),
    /** {@code x σ(1.702 x)}. */
    QUICK_GELU("", "quick_gelu", "quick_gelu"),
    RELU("relu", "", "relu"),
    /** The square of {@link #RELU}. */
    RELU_SQUARED("", "relu_squared", "relu2"),
    RELU6("", "relu6", "relu6"),
    /** {@code x σ(x)}. */
    SILU("swish", "", "silu", "swish"),
    TANH("tanh", "", "tanh"),
    SIGMOID("sigmoid", "", "sigmoid"),
    MISH("", "mish", "mish"),
    ELU("", "elu", "elu"),
    LEAKY_RELU("", "leaky_relu", "leaky_relu"),
    IDENTITY("none", "", "linear", "identity");

    private final String fused;
    private final String variant;
    private final List<String> names;

    Activation(String fused, String variant, String... names) {
        this.fused = fused;
        this.variant = variant;
        this.names = List.of(names);
    }

    /**
     * The activation of this name.
     *
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is none
     */
    static Activation named(String file, String name) {
        return find(name)
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot build the network of " + file + ": the activation " + name + " (supported are "
                                + String.join(
                                        ", ",
                                        Arrays.stream(values())
                                                .flatMap(activation -> activation.names.stream())
                                                .toList())
                                + "). Change the key model."));
    }

    private static Optional<Activation> find(String name) {
        return Arrays.stream(values())
                .filter(activation -> activation.names.contains(name))
                .findFirst();
    }

    /** The activation of a class of {@code torch.nn}, such as {@code torch.nn.modules.activation.Tanh}. */
    public static Activation ofClass(String file, String className) {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        return named(file, simple.equals("LeakyReLU") ? "leaky_relu" : simple.toLowerCase(java.util.Locale.ROOT));
    }

    /** Whether a linear layer can apply it to its own result. */
    boolean canBeFused() {
        return !fused.isEmpty();
    }

    /** Its name in oneDNN's linear layer. */
    String fused() {
        return fused;
    }

    /** The variant of the fused one, or the function of {@code blocks.py}. */
    String variant() {
        return variant;
    }
}
