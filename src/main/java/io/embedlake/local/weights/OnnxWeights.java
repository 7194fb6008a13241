package io.embedlake.local.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The weights inside an ONNX network that was exported from a model of the BERT family. Most initialisers carry the names of the
 * model's parameters. The matrices of linear layers do not: they are named by the node that multiplies with them
 * ({@code /encoder/layer.0/output/dense/MatMul}) and lie transposed. Source: onnx.proto in the repository onnx/onnx.
 */
record OnnxWeights(WeightsFile file, Map<String, Initializer> tensors) implements Weights {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_NAME = 3;
    private static final int NODE_TYPE = 4;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;
    private static final String MATRIX_PRODUCT = "MatMul";
    private static final Map<Integer, ElementType> TYPES = Map.of(
            1,
            ElementType.F32,
            2,
            ElementType.U8,
            3,
            ElementType.I8,
            5,
            ElementType.I16,
            6,
            ElementType.I32,
            7,
            ElementType.I64,
            9,
            ElementType.BOOL,
            10,
            ElementType.F16,
            11,
            ElementType.F64,
            16,
            ElementType.BF16);

    private record Initializer(String name, ElementType type, long[] shape, ByteBuffer data, boolean transposed) {}

    private record Node(String name, String type, List<String> inputs) {}

    /**
     * Opens a file.
     *
     * @throws io.embedlake.spi.EmbedlakeException when it is damaged or larger than 2 GiB
     */
    static OnnxWeights open(Path path) {
        WeightsFile file = WeightsFile.of(path);
        Map<String, Initializer> initializers = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        Protobuf model = new Protobuf(file, file.map(0, file.size(), "the file"));
        for (Optional<Protobuf.Field> field = model.next(); field.isPresent(); field = model.next()) {
            if (field.get().number() == MODEL_GRAPH) {
                graph(file, field.get().bytes(), initializers, nodes);
            }
        }
        Map<String, Initializer> tensors = new TreeMap<>(initializers);
        Set<String> taken = new HashSet<>();
        for (Node node : nodes) {
            Initializer matrix =
                    node.inputs().size() == 2 ? initializers.get(node.inputs().get(1)) : null;
            if (node.type().equals(MATRIX_PRODUCT) && matrix != null && matrix.shape().length == 2) {
                taken.add(matrix.name());
                String name = parameter(node.name());
                tensors.put(name, new Initializer(name, matrix.type(), matrix.shape(), matrix.data(), true));
            }
        }
        tensors.keySet().removeAll(taken);
        if (tensors.isEmpty()) {
            throw file.refuse("it holds no weights");
        }
        return new OnnxWeights(file, tensors);
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        Initializer tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor " + name + " in " + file.path());
        }
        return tensor.transposed()
                ? new Tensor(name, tensor.type(), new long[] {tensor.shape()[1], tensor.shape()[0]}, turned(tensor))
                : new Tensor(name, tensor.type(), tensor.shape(), tensor.data());
    }

    private static void graph(
            WeightsFile file, ByteBuffer bytes, Map<String, Initializer> initializers, List<Node> nodes) {
        Protobuf graph = new Protobuf(file, bytes);
        for (Optional<Protobuf.Field> field = graph.next(); field.isPresent(); field = graph.next()) {
            if (field.get().number() == GRAPH_NODE) {
                nodes.add(node(file, field.get().bytes()));
            } else if (field.get().number() == GRAPH_INITIALIZER) {
                initializer(file, field.get().bytes()).ifPresent(tensor -> initializers.put(tensor.name(), tensor));
            }
        }
    }

    private static Node node(WeightsFile file, ByteBuffer bytes) {
        String name = "";
        String type = "";
        List<String> inputs = new ArrayList<>();
        Protobuf node = new Protobuf(file, bytes);
        for (Optional<Protobuf.Field> next = node.next(); next.isPresent(); next = node.next()) {
            Protobuf.Field field = next.get();
            switch (field.number()) {
                case NODE_NAME -> name = field.text();
                case NODE_TYPE -> type = field.text();
                case NODE_INPUT -> inputs.add(field.text());
                default -> {}
            }
        }
        return new Node(name, type, inputs);
    }

    /** A tensor with raw data in the file; others, such as small constants, are no weights of a layer. */
    private static Optional<Initializer> initializer(WeightsFile file, ByteBuffer bytes) {
        String name = "";
        ElementType type = null;
        List<Long> shape = new ArrayList<>();
        ByteBuffer data = null;
        Protobuf tensor = new Protobuf(file, bytes);
        for (Optional<Protobuf.Field> next = tensor.next(); next.isPresent(); next = tensor.next()) {
            Protobuf.Field field = next.get();
            switch (field.number()) {
                case TENSOR_NAME -> name = field.text();
                case TENSOR_TYPE -> type = TYPES.get((int) field.value());
                case TENSOR_RAW -> data = field.bytes();
                case TENSOR_DIMS -> dimensions(file, field, shape);
                default -> {}
            }
        }
        if (type == null || data == null) {
            return Optional.empty();
        }
        long[] lengths = shape.stream().mapToLong(Long::longValue).toArray();
        OptionalLong elements = Shapes.elements(lengths);
        if (elements.isEmpty() || elements.getAsLong() * type.bytes() != data.remaining()) {
            throw file.refuse("the tensor " + name + " has " + data.remaining() + " bytes, and its type " + type
                    + " and shape " + shape + " ask for another number");
        }
        return Optional.of(new Initializer(name, type, lengths, data, false));
    }

    /** A dimension, or all of them packed. */
    private static void dimensions(WeightsFile file, Protobuf.Field field, List<Long> shape) {
        if (field.bytes().hasRemaining()) {
            shape.addAll(new Protobuf(file, field.bytes()).numbers());
        } else {
            shape.add(field.value());
        }
    }

    private static String parameter(String node) {
        String path = node.replaceFirst("^/", "").replaceFirst("/" + MATRIX_PRODUCT + "(_\\d+)?$", "");
        return path.replace('/', '.') + ".weight";
    }

    /** The numbers of a matrix with rows and columns exchanged, outside of the heap. */
    private static ByteBuffer turned(Initializer matrix) {
        int rows = Math.toIntExact(matrix.shape()[0]);
        int columns = Math.toIntExact(matrix.shape()[1]);
        int size = matrix.type().bytes();
        ByteBuffer from = matrix.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer turned = ByteBuffer.allocateDirect(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                int at = (row * columns + column) * size;
                switch (size) {
                    case Long.BYTES -> turned.putLong(from.getLong(at));
                    case Integer.BYTES -> turned.putInt(from.getInt(at));
                    case Short.BYTES -> turned.putShort(from.getShort(at));
                    default -> turned.put(from.get(at));
                }
            }
        }
        return turned.flip();
    }
}
