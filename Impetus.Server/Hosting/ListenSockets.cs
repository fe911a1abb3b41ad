using System.Net;
using System.Net.Sockets;

namespace Impetus.Server.Hosting;

/// <summary>
/// The sockets that the server listens on, bound before anything slow begins: a taken port is known at once, and a free one
/// (port 0) is the same on both loopbacks.
/// </summary>
internal sealed class ListenSockets : IDisposable
{
    private const int FreePortAttempts = 16;
    private readonly List<Socket> _sockets = [];

    /// <exception cref="PortTakenException">Another program listens there.</exception>
    /// <exception cref="SettingsException">The address is not this machine's, or may not be used.</exception>
    public ListenSockets(ServerSettings settings)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Bind(settings);
                return;
            }
            catch (PortTakenException) when (settings.Port == 0 && attempt < FreePortAttempts)
            {
                Dispose();
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }

    public IReadOnlyList<IPEndPoint> EndPoints => [.. _sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!)];

    /// <summary>Whether one of the two loopbacks is missing, because this machine has no IPv6.</summary>
    public bool LacksIPv6 { get; private set; }

    /// <summary>Hands a bound socket over to the web server.</summary>
    public Socket Take(EndPoint endPoint) => _sockets.First(socket => endPoint.Equals(socket.LocalEndPoint));

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        _sockets.Clear();
    }

    private void Bind(ServerSettings settings)
    {
        if (settings.Address is { } address)
        {
            Bind(address, settings.Port);
            return;
        }

        int port = Bind(IPAddress.Loopback, settings.Port);
        LacksIPv6 = !Socket.OSSupportsIPv6 || !TryBind(IPAddress.IPv6Loopback, port);
    }

    private bool TryBind(IPAddress address, int port)
    {
        try
        {
            Bind(address, port);
            return true;
        }
        catch (SettingsException)
        {
            return false;
        }
    }

    private int Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw fault.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => new PortTakenException(port, PortOwner.Describe(port)),
                SocketError.AccessDenied => new SettingsException(
                    $"Port {port} may not be used without special rights. Choose one above 1023, such as --port 8080.", fault),
                _ => new SettingsException($"The server cannot listen on {address}: {fault.Message}.", fault),
            };
        }

        _sockets.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>Another program has the port.</summary>
public sealed class PortTakenException(int port, string? owner) : Exception(
    $"Port {port} is taken{(owner is null ? "" : $" by {owner}")}. Stop that program, or choose another port with --port or IMPETUS_PORT.")
{
    /// <summary>The port.</summary>
    public int Port { get; } = port;
}
