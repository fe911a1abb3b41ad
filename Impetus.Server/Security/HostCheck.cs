using System.Net;
using Impetus.Server.Hosting;
using Impetus.Server.Http;

namespace Impetus.Server.Security;

/// <summary>
/// Refuses requests that call this server by a stranger's name: a web page whose name was made to point at this machine
/// (DNS rebinding) cannot talk to it. Addresses as such are harmless, since no page can choose them.
/// </summary>
internal sealed class HostCheck(ServerSettings settings)
{
    private readonly bool _loopbackOnly = settings.Address is null || IPAddress.IsLoopback(settings.Address);
    private readonly string _machine = Environment.MachineName;

    public void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var host = context.Request.Host;
        return IsOurs(host.Host) ? next(context) : throw new ApiException(
            StatusCodes.Status403Forbidden,
            $"This server does not answer to the host '{host.Value}'. Call it localhost, or allow the name with --allowed-hosts.",
            "host_not_allowed");
    });

    public bool IsOurs(string host)
    {
        host = host.TrimEnd('.');
        if (IPAddress.TryParse(host, out var address))
            return !_loopbackOnly || IPAddress.IsLoopback(address) || Allowed(host);
        return Same(host, "localhost")
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (!_loopbackOnly && (Same(host, _machine) || Same(host, $"{_machine}.local")))
            || Allowed(host);
    }

    private bool Allowed(string host) => settings.AllowedHosts.Any(allowed => Same(host, allowed));

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
