using System.Net;
using System.Net.Sockets;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Reading;

namespace Impetus.MenuBar.App;

/// <summary>Fetches a page of the web as a document. This machine's own addresses are refused: what listens there is not meant for it.</summary>
internal sealed class WebPage : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client;
    private readonly long _mostBytes;

    /// <param name="allowThisMachine">Lets pages come from loopback addresses, for tests.</param>
    /// <param name="mostBytes">The largest page; by default the largest document.</param>
    public WebPage(bool allowThisMachine = false, long? mostBytes = null)
    {
        _mostBytes = mostBytes ?? ReadingLimits.Default.FileBytes;
        var handler = new SocketsHttpHandler
        {
            MaxAutomaticRedirections = 5,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(15),
        };
        if (!allowThisMachine)
            handler.ConnectCallback = ConnectAsync;
        _client = new(handler) { Timeout = Patience, MaxResponseContentBufferSize = _mostBytes };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("Impetus/2");
    }

    /// <summary>The page, under its address.</summary>
    /// <exception cref="IOException">It cannot be had; the message says why.</exception>
    public async Task<NewDocument> FetchAsync(Uri address, CancellationToken cancel)
    {
        try
        {
            // Reading ends at the limit, whatever the server says of the length.
            using var answer = await _client.GetAsync(address, HttpCompletionOption.ResponseContentRead, cancel);
            if (!answer.IsSuccessStatusCode)
                throw new IOException($"The server answered {(int)answer.StatusCode}.");
            byte[] bytes = await answer.Content.ReadAsByteArrayAsync(cancel);
            string? type = answer.Content.Headers.ContentType?.MediaType;
            return new(Name(address, type), bytes) { Source = address.AbsoluteUri, ContentType = type };
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new IOException($"The page is larger than {_mostBytes >> 20} MB.", fault);
        }
        catch (HttpRequestException fault)
        {
            throw new IOException(fault.InnerException is IOException { Message: var inner } ? inner : fault.Message, fault);
        }
        catch (TaskCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"The page did not come within {Patience.TotalSeconds:0} seconds.", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string Name(Uri address, string? type)
    {
        string last = Uri.UnescapeDataString(address.Segments[^1]).Trim('/');
        // A page without an ending is a page; what else it may be, its bytes tell.
        return last.Length > 0 && DocumentKinds.FromName(last) is not null ? last : type is "text/plain" ? "page.txt" : "page.html";
    }

    // Names are resolved once and then connected to, so that none can change its mind in between.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        IPAddress[] addresses = IPAddress.TryParse(context.DnsEndPoint.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        var outside = Array.FindAll(addresses, address => !IsHere(address));
        if (outside.Length == 0)
            throw new IOException($"{context.DnsEndPoint.Host} is this machine itself. Add its files instead.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(outside, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsHere(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || plain.IsIPv6LinkLocal
            || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [0, ..] or [169, 254, ..]);
    }
}
