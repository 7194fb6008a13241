package io.embedlake.local.network;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.embedlake.local.weights.ElementType;
import io.embedlake.local.weights.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A program that libtorch has compiled, with its weights on a device. Thread-safe: each call computes on its caller's thread. Closed by its
 * owner, after all calls.
 */
public final class TorchNetwork implements AutoCloseable {
    private final PtNDManager manager;
    private final PtSymbolBlock block;

    private TorchNetwork(PtNDManager manager, PtSymbolBlock block) {
        this.manager = manager;
        this.block = block;
    }

    /** Compiles a program and hands it its weights: they are read from their files once, into the layout it computes with. */
    public static TorchNetwork load(Engine engine, ai.djl.Device device, Program program) {
        PtNDManager manager = (PtNDManager) engine.newBaseManager(device);
        try {
            PtSymbolBlock block =
                    JniUtils.loadModule(manager, new ByteArrayInputStream(program.archive()), false, false);
            TorchNetwork network = new TorchNetwork(manager, block);
            network.take(engine, program.weights());
            return network;
        } catch (IOException e) {
            manager.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private void take(Engine engine, List<Tensor> weights) {
        try (NDManager mapped = engine.newBaseManager(ai.djl.Device.cpu())) {
            PtNDArray[] arrays = weights.stream()
                    .map(weight ->
                            (PtNDArray) mapped.create(weight.data(), new Shape(weight.shape()), type(weight.type())))
                    .toArray(PtNDArray[]::new);
            try (IValue list = IValue.listFrom(arrays);
                    IValue nothing = IValueUtils.runMethod(block, "load", list)) {
                if (nothing.isTensor()) {
                    throw new IllegalStateException("load gives nothing");
                }
            }
        }
    }

    /**
     * Computes the value of a program for texts.
     *
     * @param batch the token ids, padded
     * @return the value's numbers in row-major order
     */
    public float[] compute(TokenBatch batch) {
        Shape matrix = new Shape(batch.texts(), batch.length());
        Shape vector = new Shape(batch.texts());
        return forward(scope -> Stream.of(
                scope.create(batch.ids(), matrix),
                scope.create(batch.types(), matrix),
                scope.create(batch.starts(), vector),
                scope.create(batch.lengths(), vector)));
    }

    /**
     * Computes the value of a program for images.
     *
     * @return the value's numbers in row-major order
     */
    public float[] compute(PixelBatch batch) {
        Shape shape = new Shape(batch.images(), batch.height(), batch.width(), 3);
        DataType type = batch.numbers() instanceof ByteBuffer ? DataType.UINT8 : DataType.FLOAT32;
        return forward(scope -> Stream.of(scope.create(batch.numbers().duplicate(), shape, type)));
    }

    private float[] forward(Function<NDManager, Stream<NDArray>> arrays) {
        CallersThread.use();
        try (NDManager scope = manager.newSubManager()) {
            IValue[] inputs = arrays.apply(scope)
                    .map(array -> IValue.from((PtNDArray) array))
                    .toArray(IValue[]::new);
            try (IValue output = IValueUtils.runMethod(block, "forward", inputs)) {
                NDArray result = output.toTensor((PtNDManager) scope);
                return result.toFloatArray();
            } finally {
                Stream.of(inputs).forEach(IValue::close);
            }
        }
    }

    @Override
    public void close() {
        block.close();
        manager.close();
    }

    /** DJL's bridge has no bfloat16 and no 16-bit numbers: the program reads their bits, see {@code Network}. */
    private static DataType type(ElementType type) {
        return switch (type) {
            case F64 -> DataType.FLOAT64;
            case F32 -> DataType.FLOAT32;
            case F16, BF16, I16 -> DataType.FLOAT16;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
        };
    }
}
