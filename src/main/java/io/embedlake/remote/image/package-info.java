/** Image files as providers take them. */
package io.embedlake.remote.image;
