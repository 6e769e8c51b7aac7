package io.github.futuresockets.bench.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/** Netty's own decoder of frames: a payload is a piece of what was read. */
final class NettyFrameDecoder extends LengthFieldBasedFrameDecoder {
    NettyFrameDecoder() {
        super(Protocol.HEADER + Protocol.LARGEST_FRAME, 0, Protocol.HEADER, 0, Protocol.HEADER);
    }

    /** Of no payload a buffer of its own: Reactor Netty drops the one that stands for all that are empty. */
    @Override
    protected ByteBuf extractFrame(ChannelHandlerContext context, ByteBuf buffer, int index, int length) {
        return length == 0 ? context.alloc().buffer(1) : super.extractFrame(context, buffer, index, length);
    }
}
