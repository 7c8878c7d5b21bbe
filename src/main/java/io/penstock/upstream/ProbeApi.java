package io.penstock.upstream;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The one request of an active probe; the client's base address is the whole of it. */
@Path("")
public interface ProbeApi {

    /** The answer's body, piece by piece, so that no more of it need be read than its beginning; fails on an error status. */
    @GET
    Multi<byte[]> ask();
}
