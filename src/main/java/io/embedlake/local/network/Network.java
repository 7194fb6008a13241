package io.embedlake.local.network;

import io.embedlake.local.weights.ElementType;
import io.embedlake.local.weights.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network while it is being written: every method adds a call to the program and returns the value that stands for its result.
 * The calls go to the functions of {@code blocks.py}; a weight is asked for by its name in the checkpoint when it is used, with the
 * shape that it must have. Confined to one thread.
 *
 * <p>Shapes: B texts, padded at their ends to L positions, or B images of one size with L positions each; H numbers a position.
 */
public final class Network {
    private static final String NONE = "None";
    private static final String TEXTS = "ids: Tensor, types: Tensor, starts: Tensor, lengths: Tensor";
    private static final String IMAGES = "pixels: Tensor";

    private final Parameters parameters;
    private final Optional<PixelFormat> format;
    private final List<String> forward = new ArrayList<>();
    private final List<String> load = new ArrayList<>();
    private final List<Tensor> weights = new ArrayList<>();
    private final Map<String, Value> shared = new HashMap<>();
    private int tables;
    private int matrices;

    /** A network for texts over these parameters. */
    public Network(Parameters parameters) {
        this(parameters, Optional.empty());
    }

    /** A network for images over these parameters. */
    public Network(Parameters parameters, PixelFormat format) {
        this(parameters, Optional.of(format));
    }

    private Network(Parameters parameters, Optional<PixelFormat> format) {
        this.parameters = parameters;
        this.format = format;
    }

    /** The program that computes this value, on a device and in a precision. */
    public Program program(Value result, Target target) {
        String functions = String.join(
                "\n",
                target.prelude(),
                Blocks.text("blocks"),
                Blocks.text(target.blocks()),
                format.isPresent() ? Blocks.text("image_blocks") : "",
                "");
        return new Program(Blocks.qualified(functions) + encoder(result), weights);
    }

    private String encoder(Value result) {
        return """
                class Encoder(Module):
                  __parameters__ = []
                  __buffers__ = []
                  t : List[Tensor]
                  m : List[List[Tensor]]
                  def load(self: __torch__.Encoder, r: List[Tensor]) -> NoneType:
                    t = annotate(List[Tensor], [])
                    m = annotate(List[List[Tensor]], [])
                %s    self.t = t
                    self.m = m
                    return None
                  def forward(self: __torch__.Encoder, %s) -> Tensor:
                    t = self.t
                    m = self.m
                %s    return %s
                """
                .formatted(indented(load), format.isPresent() ? IMAGES : TEXTS, indented(forward), result);
    }

    private static String indented(List<String> lines) {
        return lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    }

    /** The ids of the tokens, {@code int64 [B, L]}. */
    public Value ids() {
        return new Value("ids");
    }

    /** The segment of each token, {@code int64 [B, L]}. */
    public Value types() {
        return new Value("types");
    }

    /** The first position of each text that takes part in pooling, {@code int64 [B]}. */
    public Value starts() {
        return new Value("starts");
    }

    /** The number of each text's tokens, padding left out, {@code int64 [B]}. */
    public Value lengths() {
        return new Value("lengths");
    }

    /** How the images come. */
    public PixelFormat format() {
        return format.orElseThrow(() -> new IllegalStateException("a network for texts has no images"));
    }

    /** The images' normalised pixels in 32 bits, {@code [B, height, width, 3]}. */
    public Value pixels() {
        return once("pixels", () -> call("normalized", new Value("pixels"), format().factors(), format().shifts()));
    }

    /**
     * What a patch embedding makes of the images: one product over all patches, in the order of rows.
     *
     * @param name the name of the convolution without {@code .weight} and {@code .bias}; its kernel is {@code [width, 3, rows, columns]}
     * @param rows the height of a patch in pixels
     * @param columns the width of a patch in pixels
     * @return {@code [B, patches, width]}
     */
    public Value patches(String name, int width, int rows, int columns, boolean hasBias) {
        Value matrix = matrix("kernel", List.of(new Weight(name + ".weight", width, 3, rows, columns)));
        Value bias = hasBias ? loaded("bias", List.of(new Weight(name + ".bias", width))) : none();
        return call("linear", call("cut", pixels(), rows, columns), matrix, bias, "none", "");
    }

    /** What a function of {@code blocks.py} makes of weights: computed once, when the network is loaded. */
    public Value loaded(String function, List<Weight> from, Object... more) {
        return once("loaded " + function + from + List.of(more), () -> {
            load.add("t.append(" + loading(function, from, more) + ")");
            return new Value("t[" + tables++ + "]");
        });
    }

    /** A linear layer's matrix, {@code [out, in]}, that a function of {@code blocks.py} makes of weights. */
    public Value matrix(String function, List<Weight> from, Object... more) {
        return once("matrix " + function + from + List.of(more), () -> {
            load.add("m.append(__torch__.matrix(" + loading(function, from, more) + "))");
            return new Value("m[" + matrices++ + "]");
        });
    }

    private String loading(String function, List<Weight> from, Object... more) {
        return "__torch__." + function + "("
                + Stream.concat(
                                from.stream().map(weight -> read(parameters.tensor(weight.name(), weight.shape()))),
                                Stream.of(more).map(Network::literal))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /** The parameters that weights are taken from. */
    public Parameters parameters() {
        return parameters;
    }

    /** A call of a function of {@code blocks.py} or of libtorch's own, when its name has a dot. */
    public Value call(String function, Object... arguments) {
        Value result = new Value("x" + forward.size());
        forward.add(result + " = " + (function.contains(".") ? function : "__torch__." + function) + "("
                + Stream.of(arguments).map(Network::literal).collect(Collectors.joining(", ")) + ")");
        return result;
    }

    /** A value that is computed once for however many layers ask for it. */
    public Value once(String key, Supplier<Value> compute) {
        Value known = shared.get(key);
        if (known == null) {
            known = compute.get();
            shared.put(key, known);
        }
        return known;
    }

    private static String literal(Object argument) {
        if (argument instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (argument instanceof String text) {
            return '"' + text + '"';
        }
        return argument.toString();
    }

    /** No value where a block takes one or none. */
    public Value none() {
        return new Value(NONE);
    }

    /** A table of embeddings, {@code [rows, width]}. */
    public Value table(String name, long rows, long width) {
        return small("table", name, rows, width);
    }

    /** The embeddings of these indices, {@code [B, L, width]}. */
    public Value embedding(String name, long rows, long width, Value indices) {
        return call("embed", indices, table(name, rows, width));
    }

    /** Any parameter, in the precision of the network. */
    public Value weight(String name, long... shape) {
        return small("table", name, shape);
    }

    /** A sum of two values. */
    public Value add(Value one, Value other) {
        return call("torch.add", one, other);
    }

    /** The product of two values, element by element. */
    public Value multiply(Value one, Value other) {
        return call("torch.mul", one, other);
    }

    /** Layer norm with weight and bias (Ba et al., 2016). */
    public Value layerNorm(String name, Value x, int width, double epsilon) {
        return call(
                "layer_norm", x, small("norm", name + ".weight", width), small("norm", name + ".bias", width), epsilon);
    }

    /** Layer norm without a bias. */
    public Value layerNormWithoutBias(String name, Value x, int width, double epsilon) {
        return call("layer_norm", x, small("norm", name + ".weight", width), none(), epsilon);
    }

    /**
     * Root mean square norm (Zhang and Sennrich, 2019).
     *
     * @param shift what is added to the weight: 1 where a checkpoint keeps the difference to one
     */
    public Value rmsNorm(String name, Value x, int width, double epsilon, double shift) {
        return call("rms_norm", x, small("wide", name + ".weight", width), epsilon, shift);
    }

    /** A linear layer. */
    public Value linear(Linear layer, Value x) {
        return linear(layer, x, Activation.IDENTITY);
    }

    /** A linear layer and an activation. */
    public Value linear(Linear layer, Value x, Activation activation) {
        Value matrix = matrix(layer);
        Value bias = bias(layer);
        if (activation.canBeFused()) {
            return call("linear", x, matrix, bias, activation.fused(), activation.variant());
        }
        return call(activation.variant(), call("linear", x, matrix, bias, "none", ""));
    }

    /** An activation on its own. */
    public Value activate(Activation activation, Value x) {
        return activation.canBeFused()
                ? call("activate", x, activation.variant().equals("tanh") ? "gelu_tanh" : activation.fused())
                : call(activation.variant(), x);
    }

    /** A linear layer whose result is added to another value. */
    public Value linearPlus(Linear layer, Value x, Value other) {
        return call("linear_add", x, matrix(layer), bias(layer), other);
    }

    /** A linear layer with its own weights, in 32 bits at any precision of the network. */
    public Value exactLinear(Parameters own, Linear layer, Value x) {
        String name = layer.names().get(0);
        Value weight = small(own, "wide", name + ".weight", layer.outs(name), layer.in());
        Value bias = layer.hasBias() ? small(own, "wide", name + ".bias", layer.outs(name)) : none();
        return call("torch.linear", x, weight, bias);
    }

    /** Layer norm with its own weights, in 32 bits. */
    public Value exactLayerNorm(Parameters own, String name, int width, double epsilon, Value x) {
        return call(
                "layer_norm",
                x,
                small(own, "wide", name + ".weight", width),
                small(own, "wide", name + ".bias", width),
                epsilon);
    }

    private Value matrix(Linear layer) {
        return once("matrix " + layer, () -> {
            load.add("m.append(__torch__.matrix(%s))"
                    .formatted(scaled(
                            layer,
                            joined(layer.names().stream()
                                    .map(name ->
                                            read(parameters.tensor(name + ".weight", layer.outs(name), layer.in())))
                                    .toList()))));
            return new Value("m[" + matrices++ + "]");
        });
    }

    private Value bias(Linear layer) {
        if (!layer.hasBias()) {
            return none();
        }
        return once("bias " + layer, () -> {
            load.add("t.append(__torch__.bias(%s))"
                    .formatted(scaled(
                            layer,
                            joined(layer.names().stream()
                                    .map(name -> layer.unbiased().contains(name)
                                            ? "torch.zeros([" + layer.outs(name) + "], dtype=6)"
                                            : read(parameters.tensor(name + ".bias", layer.outs(name))))
                                    .toList()))));
            return new Value("t[" + tables++ + "]");
        });
    }

    private String scaled(Linear layer, String weights) {
        return layer.scale()
                .map(name -> "__torch__.scaled(" + weights + ", "
                        + read(parameters.tensor(name, layer.outs(layer.names().get(0)))) + ")")
                .orElse(weights);
    }

    private Value small(String role, String name, long... shape) {
        return once(role + " " + name, () -> small(parameters, role, name, shape));
    }

    private Value small(Parameters from, String role, String name, long... shape) {
        load.add("t.append(__torch__.%s(%s))".formatted(role, read(from.tensor(name, shape))));
        return new Value("t[" + tables++ + "]");
    }

    private static String joined(List<String> tensors) {
        return tensors.size() == 1 ? tensors.get(0) : "torch.cat([" + String.join(", ", tensors) + "], 0)";
    }

    private String read(Tensor tensor) {
        weights.add(tensor);
        return read(tensor.type(), weights.size() - 1);
    }

    /** The types that cannot be handed over come as another one of the same size; their bits are read as what they are. */
    private static String read(ElementType type, int index) {
        return switch (type) {
            case BF16 -> "torch.view_copy(r[" + index + "], dtype=15)";
            case I16 -> "torch.view_copy(r[" + index + "], dtype=2)";
            default -> "r[" + index + "]";
        };
    }

    /** Where each position may look. Computed once for all layers with the same rule. */
    public Value mask(AttentionWindow sight) {
        return once("mask " + sight, () -> call("mask", ids(), lengths(), sight.causal(), sight.reach()));
    }

    /** A slice of a joint projection as heads: {@code [B, L, ...]} to {@code [B, heads, L, size]}. */
    public Value heads(Value x, int start, int count, int size) {
        return call("heads", x, start, count, size);
    }

    /** Attention: {@code [B, heads, L, size]} each to {@code [B, L, heads * size]}; scores are divided by the root of the size. */
    public Value attend(Value queries, Value keys, Value values, Value mask, int size) {
        return attend(queries, keys, values, mask, 1 / Math.sqrt(size));
    }

    /** Attention with an explicit scale of the scores. */
    public Value attend(Value queries, Value keys, Value values, Value mask, double scale) {
        return call("attend", queries, keys, values, mask, scale);
    }

    /** Self-attention over three equal parts of a joint projection, {@code [B, L, 3 H]} to {@code [B, L, H]}. */
    public Value selfAttention(Value joint, int width, int heads, Value mask) {
        int size = width / heads;
        return attend(
                heads(joint, 0, heads, size),
                heads(joint, width, heads, size),
                heads(joint, 2 * width, heads, size),
                mask,
                size);
    }
}
