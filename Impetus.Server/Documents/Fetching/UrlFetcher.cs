using System.Net;
using System.Net.Sockets;
using Impetus.Retrieval.Indexing;
using Impetus.Server.Http;
using Microsoft.Net.Http.Headers;

namespace Impetus.Server.Documents.Fetching;

/// <summary>
/// Fetches a document from the web for someone who may not see more of the network than the web: names are resolved here and connections
/// go to the very addresses that were checked, so that neither a redirect nor a name that changes its address leads inside. Bounded in time,
/// bytes and redirects; without cookies, proxies or keys. Thread safe.
/// </summary>
internal sealed class UrlFetcher : IDisposable
{
    private const int MaxRedirects = 5;
    private const int MaxLength = 4096;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    // What a name in a path ends with says little on the web (.php); what the server says it is, more.
    private static readonly Dictionary<string, string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["text/html"] = ".html",
        ["application/xhtml+xml"] = ".html",
        ["application/pdf"] = ".pdf",
        ["text/markdown"] = ".md",
        ["text/csv"] = ".csv",
        ["application/json"] = ".json",
        ["application/rtf"] = ".rtf",
        ["application/epub+zip"] = ".epub",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = ".docx",
        ["application/vnd.openxmlformats-officedocument.presentationml.presentation"] = ".pptx",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = ".xlsx",
    };

    private readonly HttpMessageInvoker _client;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly Func<IPAddress, bool> _isAllowed;
    private readonly TimeSpan _time;
    private readonly long _maxBytes;

    public UrlFetcher() : this(Dns.GetHostAddressesAsync, PublicAddress.Is, TimeSpan.FromSeconds(60), DocumentRequest.MaxBytes)
    {
    }

    /// <param name="resolve">The addresses of a name.</param>
    /// <param name="isAllowed">Whether one may be connected to.</param>
    /// <param name="time">For all of a fetch.</param>
    /// <param name="maxBytes">The largest document, unpacked.</param>
    public UrlFetcher(Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPAddress, bool> isAllowed, TimeSpan time, long maxBytes)
    {
        (_resolve, _isAllowed, _time, _maxBytes) = (resolve, isAllowed, time, maxBytes);
        _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            // A connection is of one fetch, whose addresses were checked for it.
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseHeadersLength = 64,
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Fetches a document.</summary>
    /// <param name="url">Its address, which becomes its source.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ApiException">The address is refused (400), the document too large (413), or the other server does not give it (422).</exception>
    public async Task<NewDocument> FetchAsync(string url, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(_time);
        try
        {
            var at = Parse(url);
            for (int redirects = 0; ; redirects++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, at);
                request.Headers.UserAgent.ParseAdd($"Impetus/{ImpetusServer.Version}");
                using var response = await _client.SendAsync(request, deadline.Token);
                if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest && response.Headers.Location is { } next)
                {
                    if (redirects == MaxRedirects)
                        throw Failed($"{url} redirects more than {MaxRedirects} times.");
                    at = Redirected(at, next);
                    continue;
                }

                if (response.StatusCode != HttpStatusCode.OK)
                    throw Failed($"{at} answers {(int)response.StatusCode}.");
                string? type = response.Content.Headers.ContentType?.ToString();
                return new NewDocument(NameOf(at, type), await ReadAsync(response, at, deadline.Token)) { Source = url, ContentType = type };
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Failed($"{url} could not be fetched in {_time.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException fault)
        {
            throw fault.InnerException as ApiException ?? Failed($"{url} could not be fetched: {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            throw Failed($"{url} could not be fetched: {fault.Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    private static Uri Parse(string url) =>
        url.Length <= MaxLength && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && IsWeb(parsed)
            ? parsed
            : throw ApiException.Invalid("url", $"url must be an address of the web, http:// or https://, without a name or password in it, of at most {MaxLength} characters.");

    private static Uri Redirected(Uri from, Uri to)
    {
        to = new Uri(from, to);
        return IsWeb(to) && (to.Scheme == Uri.UriSchemeHttps || from.Scheme == Uri.UriSchemeHttp)
            ? to
            : throw Failed($"{from} redirects to something that is not fetched: {to.GetLeftPart(UriPartial.Authority)}.");
    }

    private static bool IsWeb(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0 && url.Host.Length > 0;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        string host = context.DnsEndPoint.Host;
        var found = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await _resolve(host, cancel);
        var allowed = Array.FindAll(found, IsAllowed);
        if (allowed.Length == 0)
        {
            throw ApiException.Invalid(
                "url", found.Length == 0 ? $"{host} has no address." : $"{host} is an address of this machine or of a private network, from which nothing is fetched.", "address_refused");
        }

        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(ConnectTime);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // To the checked addresses themselves: the name is not asked again.
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, time.Token);
            if (socket.RemoteEndPoint is not IPEndPoint reached || !IsAllowed(reached.Address))
                throw ApiException.Invalid("url", $"{host} led to an address from which nothing is fetched.", "address_refused");
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(IPAddress address) => _isAllowed(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, Uri at, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        byte[] block = new byte[64 << 10];
        for (int count; (count = await body.ReadAsync(block, cancel)) > 0;)
        {
            if (buffer.Length + count > _maxBytes)
                throw new ApiException(StatusCodes.Status413PayloadTooLarge, $"{at} is larger than the limit of {_maxBytes:N0} bytes.", "too_large", "url");
            buffer.Write(block, 0, count);
        }

        return buffer.ToArray();
    }

    private static string NameOf(Uri at, string? type)
    {
        string name = Uri.UnescapeDataString(at.Segments[^1]).Trim('/', '\\');
        if (name.Length is 0 or > 200)
            name = at.IdnHost;
        return MediaTypeHeaderValue.TryParse(type, out var stated) && stated.MediaType.Value is { } media && Endings.TryGetValue(media, out string? ending)
            && !name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)
                ? name + ending
                : name;
    }

    private static ApiException Failed(string message) => new(StatusCodes.Status422UnprocessableEntity, message, "fetch_failed", "url");
}
