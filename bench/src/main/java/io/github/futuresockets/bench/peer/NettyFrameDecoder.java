package io.github.futuresockets.bench.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/** The frame decoder of Netty. A payload is a slice of the read bytes. */
final class NettyFrameDecoder extends LengthFieldBasedFrameDecoder {
    NettyFrameDecoder() {
        super(Protocol.HEADER + Protocol.LARGEST_FRAME, 0, Protocol.HEADER, 0, Protocol.HEADER);
    }

    /** Returns a new buffer for an empty payload, because Reactor Netty drops the shared empty buffer of Netty. */
    @Override
    protected ByteBuf extractFrame(ChannelHandlerContext context, ByteBuf buffer, int index, int length) {
        return length == 0 ? context.alloc().buffer(1) : super.extractFrame(context, buffer, index, length);
    }
}
