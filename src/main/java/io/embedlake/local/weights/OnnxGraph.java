package io.embedlake.local.weights;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What goes into an ONNX network and what comes out, without its weights. Immutable. Source: onnx.proto in the repository onnx/onnx.
 *
 * @param inputs what has to be given
 * @param outputs what it gives
 */
public record OnnxGraph(List<Port> inputs, List<Port> outputs) {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int TENSOR_NAME = 8;
    private static final int VALUE_NAME = 1;
    private static final int VALUE_TYPE = 2;
    private static final int TYPE_TENSOR = 1;
    private static final int TENSOR_ELEMENT = 1;
    private static final int TENSOR_SHAPE = 2;
    private static final int SHAPE_DIMENSION = 1;
    private static final int DIMENSION_VALUE = 1;
    private static final int FLOAT = 1;

    /**
     * An input or output.
     *
     * @param name its name
     * @param isFloat whether its numbers are 32-bit floats
     * @param shape its dimensions, -1 for one of any length; empty when the network does not say
     */
    public record Port(String name, boolean isFloat, List<Long> shape) {
        public Port {
            shape = List.copyOf(shape);
        }
    }

    public OnnxGraph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Reads a file.
     *
     * @throws io.embedlake.spi.EmbedlakeException when it is damaged or larger than 2 GiB
     */
    public static OnnxGraph read(Path path) {
        WeightsFile file = WeightsFile.of(path);
        List<Port> inputs = new ArrayList<>();
        List<Port> outputs = new ArrayList<>();
        Set<String> weights = new HashSet<>();
        for (Protobuf.Field field : fields(file, file.map(0, file.size(), "the file"), MODEL_GRAPH)) {
            Protobuf graph = new Protobuf(file, field.bytes());
            for (Optional<Protobuf.Field> part = graph.next(); part.isPresent(); part = graph.next()) {
                switch (part.get().number()) {
                    case GRAPH_INPUT -> inputs.add(port(file, part.get().bytes()));
                    case GRAPH_OUTPUT -> outputs.add(port(file, part.get().bytes()));
                    case GRAPH_INITIALIZER ->
                        fields(file, part.get().bytes(), TENSOR_NAME).forEach(name -> weights.add(name.text()));
                    default -> {}
                }
            }
        }
        inputs.removeIf(input -> weights.contains(input.name()));
        return new OnnxGraph(inputs, outputs);
    }

    private static List<Protobuf.Field> fields(WeightsFile file, ByteBuffer bytes, int number) {
        List<Protobuf.Field> fields = new ArrayList<>();
        Protobuf message = new Protobuf(file, bytes);
        for (Optional<Protobuf.Field> field = message.next(); field.isPresent(); field = message.next()) {
            if (field.get().number() == number) {
                fields.add(field.get());
            }
        }
        return fields;
    }

    private static Port port(WeightsFile file, ByteBuffer value) {
        String name = "";
        for (Protobuf.Field field : fields(file, value.duplicate(), VALUE_NAME)) {
            name = field.text();
        }
        boolean isFloat = false;
        List<Long> shape = new ArrayList<>();
        for (Protobuf.Field type : fields(file, value.duplicate(), VALUE_TYPE)) {
            for (Protobuf.Field tensor : fields(file, type.bytes(), TYPE_TENSOR)) {
                isFloat = fields(file, tensor.bytes().duplicate(), TENSOR_ELEMENT).stream()
                        .anyMatch(element -> element.value() == FLOAT);
                for (Protobuf.Field dimensions : fields(file, tensor.bytes().duplicate(), TENSOR_SHAPE)) {
                    for (Protobuf.Field dimension : fields(file, dimensions.bytes(), SHAPE_DIMENSION)) {
                        shape.add(fields(file, dimension.bytes(), DIMENSION_VALUE).stream()
                                .map(Protobuf.Field::value)
                                .findFirst()
                                .orElse(-1L));
                    }
                }
            }
        }
        return new Port(name, isFloat, shape);
    }
}
