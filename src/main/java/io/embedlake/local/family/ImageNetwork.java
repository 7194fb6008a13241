package io.embedlake.local.family;

import io.embedlake.local.network.Network;
import io.embedlake.local.network.NetworkConfig;
import io.embedlake.local.network.PixelFormat.Size;
import io.embedlake.local.network.Value;
import io.embedlake.local.network.Weight;
import java.util.List;

/** A transformer for images, which it cuts into patches. Immutable. */
public abstract class ImageNetwork extends LayeredNetwork {
    private final Size image;
    private final Size patch;
    private final int before;

    /**
     * The sizes that every family has.
     *
     * @param before how many tokens stand before the patches: a class token, then others
     */
    ImageNetwork(NetworkConfig config, int layers, int width, Size image, Size patch, int before) {
        super(config, layers, width);
        config.requireOneOf("num_channels", "3");
        this.image = image;
        this.patch = patch;
        this.before = before;
        if (patch.height() > image.height() || patch.width() > image.width()) {
            throw config.refuse("its patches of " + patch + " pixels do not fit into its images of " + image);
        }
    }

    /** The size of an image or a patch: a number for both sides, or a list of height and width. */
    static Size size(NetworkConfig config, int otherwise, String name) {
        int[] sides = config.sides(otherwise, name);
        return new Size(sides[0], sides[1]);
    }

    /** The size of the images of its training. */
    public final Size image() {
        return image;
    }

    /** Whether it takes images of other sizes too. */
    public boolean takesOtherSizes() {
        return false;
    }

    /** How many tokens stand before the patches. */
    public final int before() {
        return before;
    }

    /** How many positions an image of this size has: its patches and the tokens before them. */
    public final int positions(Size size) {
        return before + size.height() / patch.height() * (size.width() / patch.width());
    }

    final Size patch() {
        return patch;
    }

    final int trainedPositions() {
        return positions(image);
    }

    /** The patches of the images, {@code [B, patches, width]}. */
    final Value patches(Network network, String name, boolean hasBias) {
        return network.patches(name, width(), patch.height(), patch.width(), hasBias);
    }

    /** Tokens that are weights, such as the class token: {@code [1, count, width]}. */
    final Value tokens(Network network, String name, int count) {
        return network.loaded("rows", List.of(new Weight(name, 1, count, width())));
    }

    @Override
    public final Value first(Network network, Value state) {
        return network.call("every", state, 0);
    }

    /** The first patch of each image, {@code int64 [B]}. */
    public final Value firstPatch(Network network, Value state) {
        return network.call("every", state, before);
    }

    @Override
    public final Value count(Network network, Value state) {
        return network.call("all_of", state);
    }

    /** The patches in the order of rows. */
    @Override
    public final Value parts(Network network, Value state) {
        return network.call("torch.slice", state, 1, before);
    }
}
