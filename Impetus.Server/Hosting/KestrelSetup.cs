using System.Net;
using Impetus.Server.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Impetus.Server.Hosting;

/// <summary>Gives Kestrel our sockets and our bounds.</summary>
internal sealed class KestrelSetup(ListenSockets sockets)
    : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<SocketTransportOptions>
{
    private const int MaxConnections = 1024;

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        foreach (var endPoint in sockets.EndPoints)
            options.Listen(endPoint);
    }

    public void Configure(SocketTransportOptions options) =>
        options.CreateBoundListenSocket = endPoint => sockets.Take(endPoint);
}
